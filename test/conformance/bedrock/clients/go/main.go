// Command conformance is the suite of the AWS SDK for Go v2: every operation of the fake Bedrock at
// every door of it, one JSON line for each cell of the table.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"leakbed/suite"
)

// asking is one client at one door.
type asking struct {
	ctx      context.Context
	door     suite.Door
	runtime  *bedrockruntime.Client
	stranger *bedrockruntime.Client
	control  *bedrock.Client
}

// onlyHttp2 is what the SDK says of the bidirectional stream at an http:// address.
const onlyHttp2 = "operation requires minimum HTTP protocol of HTTP/2, but was HTTP/1.1"

const modulePath = "github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

func main() {
	given := suite.ReadSetup()
	pem, err := os.ReadFile(given.CaFile)
	suite.Must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	})
	for _, at := range given.Doors {
		visit(given.Client, at, client)
	}
}

func visit(name string, at suite.Door, client aws.HTTPClient) {
	config := func(secret string) aws.Config {
		return aws.Config{
			Region:           "us-east-1",
			BaseEndpoint:     aws.String(at.Url),
			Credentials:      credentials.NewStaticCredentialsProvider(at.AccessKeyId, secret, ""),
			HTTPClient:       client,
			RetryMaxAttempts: 1,
		}
	}
	// One for all cells, so that no call is cancelled by the end of the one before it.
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	s := &asking{
		ctx:      ctx,
		door:     at,
		runtime:  bedrockruntime.NewFromConfig(config(at.SecretAccessKey)),
		stranger: bedrockruntime.NewFromConfig(config("wrong")),
		control:  bedrock.NewFromConfig(config(at.SecretAccessKey)),
	}
	row := suite.Row{Client: name, Version: suite.VersionOf(modulePath), Door: at}
	for _, one := range cells {
		row.Cell(one.operation, one.served, func() error {
			err := one.check(s)
			if err != nil && s.isOnlyHttp2(err) {
				return suite.NotApplicable("the client says: " + onlyHttp2)
			}
			return err
		})
	}
}

// isOnlyHttp2 knows the refusal in both its forms: told by the answer, or, when that came while the
// client was still sending, by the stream that it closed meanwhile.
func (s *asking) isOnlyHttp2(err error) bool {
	if strings.Contains(err.Error(), onlyHttp2) {
		return true
	}
	isPlain := strings.HasPrefix(s.door.Url, "http://")
	return isPlain && strings.Contains(err.Error(), "stream closed, unable to send event")
}

// Command conformance is the suite of the AWS SDK for Go v2: every operation of the fake Bedrock at
// every door of it, one JSON line for each cell of the table.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
)

type door struct {
	Name, Url, JournalUrl        string
	AccessKeyId, SecretAccessKey string
	Verifies                     bool
}

type setup struct {
	Client, CaFile string
	Doors          []door
}

// suite is one client at one door.
type suite struct {
	ctx      context.Context
	door     door
	runtime  *bedrockruntime.Client
	stranger *bedrockruntime.Client
	control  *bedrock.Client
}

// onlyHttp2 is what the SDK says of the bidirectional stream at an http:// address.
const onlyHttp2 = "operation requires minimum HTTP protocol of HTTP/2, but was HTTP/1.1"

func main() {
	var given setup
	must(json.Unmarshal([]byte(os.Getenv("LEAKBED_SUITE")), &given))
	pem, err := os.ReadFile(given.CaFile)
	must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	})
	for _, at := range given.Doors {
		visit(given.Client, at, client)
	}
}

func visit(name string, at door, client aws.HTTPClient) {
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
	s := &suite{
		ctx:      ctx,
		door:     at,
		runtime:  bedrockruntime.NewFromConfig(config(at.SecretAccessKey)),
		stranger: bedrockruntime.NewFromConfig(config("wrong")),
		control:  bedrock.NewFromConfig(config(at.SecretAccessKey)),
	}
	for _, one := range cells {
		s.run(name, one)
	}
}

// run passes a cell if its check does and the fake served exactly these operations meanwhile.
func (s *suite) run(name string, one cell) {
	before := s.journal(0).Last
	err := one.check(s)
	var served, transports []string
	for _, entry := range s.journal(before).Entries {
		served = append(served, entry.Operation)
		if !strings.Contains(strings.Join(transports, "+"), entry.Transport) {
			transports = append(transports, entry.Transport)
		}
	}
	if err == nil && strings.Join(served, ",") != strings.Join(one.served, ",") {
		err = fmt.Errorf("served %v instead of %v", served, one.served)
	}
	outcome, detail := "pass", ""
	if err != nil && s.isOnlyHttp2(err) {
		outcome, detail, transports = "n.a.", "the client says: "+onlyHttp2, nil
	} else if err != nil {
		outcome, detail = "fail", strings.Join(strings.Fields(err.Error()), " ")
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]string{
		"client": name, "version": version(), "door": s.door.Name, "operation": one.operation,
		"transport": strings.Join(transports, "+"), "outcome": outcome, "detail": detail,
	}))
}

// isOnlyHttp2 knows the refusal in both its forms: told by the answer, or, when that came while the
// client was still sending, by the stream that it closed meanwhile.
func (s *suite) isOnlyHttp2(err error) bool {
	if strings.Contains(err.Error(), onlyHttp2) {
		return true
	}
	isPlain := strings.HasPrefix(s.door.Url, "http://")
	return isPlain && strings.Contains(err.Error(), "stream closed, unable to send event")
}

type journal struct {
	Last    int
	Entries []struct{ Operation, Transport string }
}

func (s *suite) journal(since int) (found journal) {
	answer, err := http.Get(fmt.Sprintf("%s?since=%d", s.door.JournalUrl, since))
	must(err)
	defer answer.Body.Close()
	must(json.NewDecoder(answer.Body).Decode(&found))
	return found
}

// version is that of the SDK's Bedrock module, as built.
func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if strings.HasSuffix(module.Path, "/service/bedrockruntime") {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "unknown"
}

var text100 = regexp.MustCompile(`^[a-z ]{100}$`)

func checkText(text string) error {
	if text100.MatchString(text) {
		return nil
	}
	return fmt.Errorf("the text is not the script's 100 characters: %q", text)
}

func equal[T comparable](actual, expected T) error {
	if actual == expected {
		return nil
	}
	return fmt.Errorf("%v instead of %v", actual, expected)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Command conformance is the suite of Google's clients for Go: google.golang.org/genai over REST and
// WebSocket, cloud.google.com/go/aiplatform over gRPC, at every door of the fake Vertex AI.
package main

import (
	"context"
	"time"

	"cloud.google.com/go/auth"
	"leakbed/suite"
)

const (
	scope      = "projects/p/locations/us-central1"
	gemini     = "gemini-2.5-flash"
	embedding  = "text-embedding-005"
	embedding2 = "gemini-embedding-2-preview"
	blocked    = "[[leakbed stop=guardrail]]"
)

// cell is one check, and the operations that the fake serves during it.
type cell struct {
	operation string
	served    []string
	check     func() error
}

// of is a cell whose operation is served once under its own name, unless others are named.
func of(operation string, check func() error, served ...string) cell {
	if len(served) == 0 {
		served = []string{operation}
	}
	return cell{operation, served, check}
}

func main() {
	given := suite.ReadSetup()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for _, door := range given.Doors {
		visit(suite.Row{
			Client: given.Client + ", genai", Version: suite.VersionOf("google.golang.org/genai"), Door: door,
		}, genaiCells(ctx, door))
		visit(suite.Row{
			Client:  given.Client + ", aiplatform",
			Version: suite.VersionOf("cloud.google.com/go/aiplatform"),
			Door:    door,
		}, aiplatformCells(ctx, door))
	}
}

func visit(row suite.Row, cells []cell) {
	for _, one := range cells {
		row.Cell(one.operation, one.served, one.check)
	}
}

// account never expires, so that nobody is asked for a token.
func account(door suite.Door) *auth.Credentials {
	return auth.NewCredentials(&auth.CredentialsOptions{TokenProvider: fixed(door.Token)})
}

type fixed string

func (token fixed) Token(context.Context) (*auth.Token, error) {
	return &auth.Token{Value: string(token), Type: "Bearer"}, nil
}

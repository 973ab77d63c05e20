// Package suite is what every suite in Go shares: its setup, one JSON line for each cell of the
// table, and the fake's own word for which operations it served and over which protocol.
package suite

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

// The answer that every cell asks for: 4 pieces of 25 bytes, which count as 25 tokens.
const (
	Prompt       = "[[leakbed chunks=4 bytes=25]] What is 1 + 1?"
	ToolPrompt   = "[[leakbed chunks=4 bytes=25 tool=1]] What is the weather?"
	Throttled    = "[[leakbed fault=error;name=throttling]]"
	Broken       = "[[leakbed chunks=4 bytes=25 fault=exception;at=3;name=throttling]]"
	OutputTokens = 25
)

// Door is one address of the fake, and the credentials that are good there.
type Door struct {
	Name, Url, JournalUrl               string
	AccessKeyId, SecretAccessKey, Token string
	Verifies                            bool
}

// Setup is handed to a suite in LEAKBED_SUITE.
type Setup struct {
	Client, CaFile string
	Doors          []Door
}

func ReadSetup() (given Setup) {
	Must(json.Unmarshal([]byte(os.Getenv("LEAKBED_SUITE")), &given))
	return given
}

// Row is one client at one door.
type Row struct {
	Client, Version string
	Door            Door
}

// NotApplicable is the error of a check that the client has no such call.
type NotApplicable string

func (reason NotApplicable) Error() string { return string(reason) }

// Cell passes if its check does and the fake served exactly these operations meanwhile.
func (row Row) Cell(operation string, served []string, check func() error) {
	before := row.journal(0).Last
	err := check()
	var operations, transports []string
	for _, entry := range row.journal(before).Entries {
		operations = append(operations, entry.Operation)
		if !slices.Contains(transports, entry.Transport) {
			transports = append(transports, entry.Transport)
		}
	}
	if err == nil && !slices.Equal(operations, served) {
		err = fmt.Errorf("served %v instead of %v", operations, served)
	}
	outcome, detail := "pass", ""
	var absent NotApplicable
	if errors.As(err, &absent) {
		outcome, detail, transports = "n.a.", absent.Error(), nil
	} else if err != nil {
		outcome, detail = "fail", strings.Join(strings.Fields(err.Error()), " ")
	}
	Must(json.NewEncoder(os.Stdout).Encode(map[string]string{
		"client": row.Client, "version": row.Version, "door": row.Door.Name, "operation": operation,
		"transport": strings.Join(transports, "+"), "outcome": outcome, "detail": detail,
	}))
}

type journal struct {
	Last    int
	Entries []struct{ Operation, Transport string }
}

func (row Row) journal(since int) (found journal) {
	answer, err := http.Get(fmt.Sprintf("%s?since=%d", row.Door.JournalUrl, since))
	Must(err)
	defer answer.Body.Close()
	Must(json.NewDecoder(answer.Body).Decode(&found))
	return found
}

// VersionOf is that of a module, as built.
func VersionOf(path string) string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == path {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	return "unknown"
}

var text100 = regexp.MustCompile(`^[a-z ]{100}$`)

func CheckText(text string) error {
	if text100.MatchString(text) {
		return nil
	}
	return fmt.Errorf("the text is not the script's 100 characters: %q", text)
}

func Equal[T comparable](actual, expected T) error {
	if actual == expected {
		return nil
	}
	return fmt.Errorf("%v instead of %v", actual, expected)
}

func Must(err error) {
	if err != nil {
		panic(err)
	}
}

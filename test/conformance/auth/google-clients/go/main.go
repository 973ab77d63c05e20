// Asks the mocks once through each Go way to Vertex AI, with whatever credentials its default chain
// finds, and prints what came (characters of text) or why not, as JSON.
// Arguments: the mocks' TLS address, and an API key to be used in place of the chain.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"golang.org/x/oauth2/google"
	"google.golang.org/genai"
)

const (
	scope  = "https://www.googleapis.com/auth/cloud-platform"
	model  = "gemini-2.5-flash"
	path   = "/v1/projects/leakbed/locations/us-central1/publishers/google/models/" + model
	prompt = "hi [[leakbed chunks=2 bytes=10]]"
)

func main() {
	plainURL := strings.Replace(os.Args[1], "https:", "http:", 1)
	apiKey := ""
	if len(os.Args) > 2 {
		apiKey = os.Args[2]
	}
	outcomes := map[string]any{
		"genai":  outcome(askGenai(plainURL, apiKey)),
		"oauth2": outcome(askPlainly(plainURL, apiKey)),
	}
	json.NewEncoder(os.Stdout).Encode(outcomes)
}

func outcome(length int, err error) any {
	if err != nil {
		return err.Error()
	}
	return length
}

func askGenai(url string, apiKey string) (int, error) {
	config := &genai.ClientConfig{
		Backend:     genai.BackendVertexAI,
		HTTPOptions: genai.HTTPOptions{BaseURL: url},
	}
	if apiKey == "" {
		config.Project, config.Location = "leakbed", "us-central1"
	} else {
		config.APIKey = apiKey
	}
	client, err := genai.NewClient(context.Background(), config)
	if err != nil {
		return 0, err
	}
	response, err := client.Models.GenerateContent(context.Background(), model, genai.Text(prompt), nil)
	if err != nil {
		return 0, err
	}
	return len(response.Text()), nil
}

// The chain of golang.org/x/oauth2 with nothing but HTTP behind it.
func askPlainly(url string, apiKey string) (int, error) {
	client := http.DefaultClient
	if apiKey == "" {
		found, err := google.DefaultClient(context.Background(), scope)
		if err != nil {
			return 0, err
		}
		client = found
	}
	body := fmt.Sprintf(`{"contents":[{"role":"user","parts":[{"text":%q}]}]}`, prompt)
	request, err := http.NewRequest("POST", url+path+":generateContent", strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if apiKey != "" {
		request.Header.Set("x-goog-api-key", apiKey)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 {
		return 0, fmt.Errorf("%d %s", response.StatusCode, text)
	}
	var answer genai.GenerateContentResponse
	if err := json.Unmarshal(text, &answer); err != nil {
		return 0, err
	}
	return len(answer.Text()), nil
}

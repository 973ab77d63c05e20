// A gateway on Bifrost's core, github.com/maximhq/bifrost/core 1.1.0: its provider queues, workers and
// pools behind a door of one OpenAI path. Bifrost's own door, bifrost-http, is in modules that Go's
// proxy does not give out here. This core asks Bedrock under its real name and knows no streams, so it
// is run in transparent mode and asked for whole answers.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"

	bifrost "github.com/maximhq/bifrost/core"
	"github.com/maximhq/bifrost/core/schemas"
	"github.com/maximhq/bifrost/core/schemas/meta"
)

type account struct{}

func (account) GetConfiguredProviders() ([]schemas.ModelProvider, error) {
	return []schemas.ModelProvider{schemas.Bedrock}, nil
}

func (account) GetKeysForProvider(schemas.ModelProvider) ([]schemas.Key, error) {
	return []schemas.Key{{Value: "leakbed", Models: []string{os.Getenv("MODEL")}, Weight: 1}}, nil
}

func (account) GetConfigForProvider(schemas.ModelProvider) (*schemas.ProviderConfig, error) {
	secret, region := "leakbed", "us-east-1"
	return &schemas.ProviderConfig{
		NetworkConfig:            schemas.DefaultNetworkConfig,
		ConcurrencyAndBufferSize: schemas.DefaultConcurrencyAndBufferSize,
		MetaConfig:               &meta.BedrockMetaConfig{SecretAccessKey: secret, Region: &region},
	}, nil
}

type question struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    schemas.ModelChatMessageRole `json:"role"`
		Content string                       `json:"content"`
	} `json:"messages"`
}

func answer(core *bifrost.Bifrost, writer http.ResponseWriter, request *http.Request) {
	var asked question
	if err := json.NewDecoder(request.Body).Decode(&asked); err != nil {
		http.Error(writer, err.Error(), http.StatusBadRequest)
		return
	}
	messages := make([]schemas.BifrostMessage, len(asked.Messages))
	for at := range asked.Messages {
		content := schemas.MessageContent{ContentStr: &asked.Messages[at].Content}
		messages[at] = schemas.BifrostMessage{Role: asked.Messages[at].Role, Content: content}
	}
	response, failure := core.ChatCompletionRequest(request.Context(), &schemas.BifrostRequest{
		Provider: schemas.Bedrock,
		Model:    asked.Model,
		Input:    schemas.RequestInput{ChatCompletionInput: &messages},
	})
	if failure != nil {
		http.Error(writer, fmt.Sprintf("%s: %v", failure.Error.Message, failure.Error.Error), http.StatusBadGateway)
		return
	}
	writer.Header().Set("content-type", "application/json")
	json.NewEncoder(writer).Encode(response)
}

func main() {
	core, err := bifrost.Init(schemas.BifrostConfig{Account: account{}, InitialPoolSize: 16})
	if err != nil {
		log.Fatal(err)
	}
	defer core.Cleanup()
	http.HandleFunc("/v1/chat/completions", func(writer http.ResponseWriter, request *http.Request) {
		answer(core, writer, request)
	})
	http.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("{\"url\":\"http://%s\"}\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

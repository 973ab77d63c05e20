package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"google.golang.org/genai"
	"leakbed/suite"
)

// gen is google.golang.org/genai at one door.
type gen struct {
	ctx    context.Context
	client *genai.Client
}

func genaiCells(ctx context.Context, door suite.Door) []cell {
	client, err := genai.NewClient(ctx, &genai.ClientConfig{
		Backend: genai.BackendVertexAI, Project: "p", Location: "us-central1",
		Credentials: account(door),
		HTTPOptions: genai.HTTPOptions{BaseURL: door.Url},
	})
	suite.Must(err)
	g := gen{ctx, client}
	return []cell{
		of("GenerateContent", g.whole),
		of("GenerateContent, tool", g.tool, "GenerateContent"),
		of("StreamGenerateContent", g.stream),
		of("StreamGenerateContent, tool", g.streamTool, "StreamGenerateContent"),
		of("blocked prompt", g.blocked, "StreamGenerateContent"),
		of("CountTokens", g.count),
		of("ComputeTokens", g.compute),
		of("Predict, embeddings", func() error { return g.embed(embedding) }, "Predict"),
		of("EmbedContent", func() error { return g.embed(embedding2) }),
		of("cached contents", g.cached, cacheCalls...),
		of("PredictLongRunning", g.video,
			"PredictLongRunning", "FetchPredictOperation", "FetchPredictOperation"),
		of("model garden", g.garden, "GetPublisherModel"),
		of("throttled", g.throttled, "GenerateContent"),
		of("exception", g.exception, "StreamGenerateContent"),
		of("Live", g.live, "LiveConnect", "LiveSetup", "LiveTurn"),
		of("Live, tool", g.liveTool, "LiveConnect", "LiveSetup", "LiveTurn", "LiveTurn"),
	}
}

// cacheCalls are served while a cache is made, used, changed, listed and deleted.
var cacheCalls = []string{
	"CreateCachedContent", "GetCachedContent", "GenerateContent", "UpdateCachedContent",
	"ListCachedContents", "DeleteCachedContent", "GetCachedContent",
}

var weather = []*genai.Tool{{FunctionDeclarations: []*genai.FunctionDeclaration{{Name: "weather"}}}}

func (g gen) ask(text string, config *genai.GenerateContentConfig) (*genai.GenerateContentResponse, error) {
	return g.client.Models.GenerateContent(g.ctx, gemini, genai.Text(text), config)
}

// collect is all that came of a stream before it ended.
func (g gen) collect(text string, config *genai.GenerateContentConfig) (chunks []*genai.GenerateContentResponse, err error) {
	for chunk, err := range g.client.Models.GenerateContentStream(g.ctx, gemini, genai.Text(text), config) {
		if err != nil {
			return chunks, err
		}
		chunks = append(chunks, chunk)
	}
	return chunks, nil
}

func (g gen) whole() error {
	answer, err := g.ask(suite.Prompt, nil)
	if err != nil {
		return err
	}
	return errors.Join(
		suite.CheckText(answer.Text()),
		suite.Equal(answer.Candidates[0].FinishReason, genai.FinishReasonStop),
		suite.Equal(answer.UsageMetadata.CandidatesTokenCount, suite.OutputTokens),
	)
}

func (g gen) tool() error {
	answer, err := g.ask(suite.ToolPrompt, &genai.GenerateContentConfig{Tools: weather})
	if err != nil {
		return err
	}
	return suite.Equal(namesOf(answer), "weather")
}

func namesOf(answers ...*genai.GenerateContentResponse) string {
	var names []string
	for _, answer := range answers {
		for _, call := range answer.FunctionCalls() {
			names = append(names, call.Name)
		}
	}
	return strings.Join(names, ",")
}

func (g gen) stream() error {
	chunks, err := g.collect(suite.Prompt, nil)
	if err != nil {
		return err
	}
	var text string
	for _, chunk := range chunks {
		text += chunk.Text()
	}
	last := chunks[len(chunks)-1]
	return errors.Join(
		suite.CheckText(text),
		suite.Equal(len(chunks), 5),
		suite.Equal(last.UsageMetadata.CandidatesTokenCount, suite.OutputTokens),
	)
}

func (g gen) streamTool() error {
	chunks, err := g.collect(suite.ToolPrompt, &genai.GenerateContentConfig{Tools: weather})
	if err != nil {
		return err
	}
	return suite.Equal(namesOf(chunks...), "weather")
}

func (g gen) blocked() error {
	chunks, err := g.collect(blocked, nil)
	if err != nil {
		return err
	}
	return suite.Equal(chunks[0].PromptFeedback.BlockReason, genai.BlockedReasonModelArmor)
}

func (g gen) count() error {
	answer, err := g.client.Models.CountTokens(g.ctx, gemini, genai.Text("abcdefgh"), nil)
	if err != nil {
		return err
	}
	return suite.Equal(answer.TotalTokens, 2)
}

func (g gen) compute() error {
	answer, err := g.client.Models.ComputeTokens(g.ctx, gemini, genai.Text("abcdefgh"), nil)
	if err != nil {
		return err
	}
	return suite.Equal(len(answer.TokensInfo[0].TokenIDs), 2)
}

func (g gen) embed(model string) error {
	config := &genai.EmbedContentConfig{OutputDimensionality: genai.Ptr[int32](3)}
	answer, err := g.client.Models.EmbedContent(g.ctx, model, genai.Text("abcd"), config)
	if err != nil {
		return err
	}
	return suite.Equal(len(answer.Embeddings[0].Values), 3)
}

func (g gen) cached() error {
	caches := g.client.Caches
	made, err := caches.Create(g.ctx, gemini, &genai.CreateCachedContentConfig{
		Contents: genai.Text(strings.Repeat("x", 4000)),
	})
	if err != nil {
		return err
	}
	found, err := caches.Get(g.ctx, made.Name, nil)
	if err != nil {
		return err
	}
	answer, err := g.ask("abcd", &genai.GenerateContentConfig{CachedContent: made.Name})
	if err != nil {
		return err
	}
	longer := &genai.UpdateCachedContentConfig{TTL: 7200_000_000_000}
	if _, err = caches.Update(g.ctx, made.Name, longer); err != nil {
		return err
	}
	page, err := caches.List(g.ctx, nil)
	if err != nil {
		return err
	}
	if _, err = caches.Delete(g.ctx, made.Name, nil); err != nil {
		return err
	}
	_, err = caches.Get(g.ctx, made.Name, nil)
	return errors.Join(
		suite.Equal(found.UsageMetadata.TotalTokenCount, 1000),
		suite.Equal(answer.UsageMetadata.CachedContentTokenCount, 1000),
		suite.Equal(len(page.Items) > 0, true),
		status(err, 404),
	)
}

func (g gen) video() error {
	source := &genai.GenerateVideosSource{Prompt: "[[leakbed polls=2]]"}
	operation, err := g.client.Models.GenerateVideosFromSource(g.ctx, "veo-3.0-generate-001", source, nil)
	for polls := 0; err == nil && polls < 2; polls++ {
		operation, err = g.client.Operations.GetVideosOperation(g.ctx, operation, nil)
	}
	if err != nil {
		return err
	}
	if !operation.Done {
		return errors.New("it is not done after two polls")
	}
	return suite.Equal(operation.Response.GeneratedVideos[0].Video.MIMEType, "video/mp4")
}

func (g gen) garden() error {
	model, err := g.client.Models.Get(g.ctx, gemini, nil)
	if err != nil {
		return err
	}
	return suite.Equal(model.Name, "publishers/google/models/"+gemini)
}

func status(err error, code int) error {
	var refused genai.APIError
	if !errors.As(err, &refused) {
		return fmt.Errorf("not an APIError: %v", err)
	}
	return suite.Equal(refused.Code, code)
}

func (g gen) throttled() error {
	_, err := g.ask(suite.Throttled, nil)
	return status(err, 429)
}

func (g gen) exception() error {
	chunks, err := g.collect(suite.Broken, nil)
	if err := status(err, 429); err != nil {
		return err
	}
	return suite.Equal(len(chunks), 3)
}

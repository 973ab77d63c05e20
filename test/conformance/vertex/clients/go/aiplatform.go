package main

// Over 250 lines because it is one table: all that one client can do.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	aiplatform "cloud.google.com/go/aiplatform/apiv1"
	"cloud.google.com/go/aiplatform/apiv1/aiplatformpb"
	beta "cloud.google.com/go/aiplatform/apiv1beta1"
	betapb "cloud.google.com/go/aiplatform/apiv1beta1/aiplatformpb"
	"google.golang.org/api/option"
	"google.golang.org/genproto/googleapis/api/httpbody"
	locationpb "google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	grpcstatus "google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"leakbed/suite"
)

const (
	model    = scope + "/publishers/google/models/" + gemini
	endpoint = scope + "/endpoints/123"
	claude   = scope + "/publishers/anthropic/models/claude-sonnet-4-5@20250929"
	mistral  = scope + "/publishers/mistralai/models/mistral-medium-3"
)

// rpc is cloud.google.com/go/aiplatform at one door.
type rpc struct {
	ctx        context.Context
	prediction *aiplatform.PredictionClient
	tokens     *aiplatform.LlmUtilityClient
	caches     *aiplatform.GenAiCacheClient
	beta       *beta.PredictionClient
}

func aiplatformCells(ctx context.Context, door suite.Door) []cell {
	address, isPlain := strings.CutPrefix(door.Url, "http://")
	options := []option.ClientOption{option.WithEndpoint(strings.TrimPrefix(address, "https://"))}
	if isPlain {
		plain := grpc.WithTransportCredentials(insecure.NewCredentials())
		options = append(options, option.WithoutAuthentication(), option.WithGRPCDialOption(plain))
	} else {
		options = append(options, option.WithAuthCredentials(account(door)))
	}
	r := rpc{ctx: ctx}
	var errs [4]error
	r.prediction, errs[0] = aiplatform.NewPredictionClient(ctx, options...)
	r.tokens, errs[1] = aiplatform.NewLlmUtilityClient(ctx, options...)
	r.caches, errs[2] = aiplatform.NewGenAiCacheClient(ctx, options...)
	r.beta, errs[3] = beta.NewPredictionClient(ctx, options...)
	suite.Must(errors.Join(errs[:]...))
	return []cell{
		of("GenerateContent", r.whole),
		of("GenerateContent, tool", r.tool, "GenerateContent"),
		of("StreamGenerateContent", r.stream, "StreamGenerateContent", "StreamGenerateContent"),
		of("StreamGenerateContent, tool", r.streamTool, "StreamGenerateContent"),
		of("blocked prompt", r.blocked, "StreamGenerateContent"),
		of("CountTokens", r.count),
		of("ComputeTokens", r.compute),
		of("Predict, embeddings", r.embeddings, "Predict"),
		of("EmbedContent", r.embedContent),
		of("Predict, custom", r.custom, "Predict"),
		of("Explain", r.explain),
		of("DirectPredict", r.direct),
		of("DirectRawPredict", r.directRaw),
		of("ServerStreamingPredict", r.serverStreaming),
		of("StreamingPredict", r.streaming),
		of("StreamDirectPredict", r.streamDirect),
		of("StreamingRawPredict", r.streamingRaw),
		of("StreamDirectRawPredict", r.streamDirectRaw),
		of("RawPredict, Claude", r.rawClaude, "RawPredict"),
		of("StreamRawPredict, Claude", r.rawClaudeStream, "StreamRawPredict"),
		of("RawPredict, Mistral", r.rawMistral, "RawPredict"),
		of("ChatCompletions, stream", r.chat, "ChatCompletions"),
		of("cached contents", r.cached, cacheCalls...),
		of("locations", r.locations, "GetLocation", "ListLocations"),
		of("throttled", r.throttled, "GenerateContent"),
		of("exception", r.exception, "StreamGenerateContent"),
	}
}

func user(text string) []*aiplatformpb.Content {
	part := &aiplatformpb.Part{Data: &aiplatformpb.Part_Text{Text: text}}
	return []*aiplatformpb.Content{{Role: "user", Parts: []*aiplatformpb.Part{part}}}
}

func asking(text string) *aiplatformpb.GenerateContentRequest {
	declared := []*aiplatformpb.FunctionDeclaration{{Name: "weather"}}
	tools := []*aiplatformpb.Tool{{FunctionDeclarations: declared}}
	return &aiplatformpb.GenerateContentRequest{Model: model, Contents: user(text), Tools: tools}
}

// receiver is a stream of answers.
type receiver[T any] interface{ Recv() (T, error) }

func collect[T any](stream receiver[T], err error) (all []T, _ error) {
	for err == nil {
		var one T
		if one, err = stream.Recv(); err == nil {
			all = append(all, one)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return all, err
}

func (r rpc) collect(text string) ([]*aiplatformpb.GenerateContentResponse, error) {
	stream, err := r.prediction.StreamGenerateContent(r.ctx, asking(text))
	return collect(stream, err)
}

func (r rpc) whole() error {
	answer, err := r.prediction.GenerateContent(r.ctx, asking(suite.Prompt))
	if err != nil {
		return err
	}
	return errors.Join(
		suite.CheckText(answer.Candidates[0].Content.Parts[0].GetText()),
		suite.Equal(answer.Candidates[0].FinishReason, aiplatformpb.Candidate_STOP),
		suite.Equal(answer.UsageMetadata.CandidatesTokenCount, suite.OutputTokens),
	)
}

func (r rpc) tool() error {
	answer, err := r.prediction.GenerateContent(r.ctx, asking(suite.ToolPrompt))
	if err != nil {
		return err
	}
	return suite.Equal(calls(answer), "weather")
}

func calls(answers ...*aiplatformpb.GenerateContentResponse) (names string) {
	for _, answer := range answers {
		for _, part := range answer.Candidates[0].Content.Parts {
			names += part.GetFunctionCall().GetName()
		}
	}
	return names
}

// stream asks both API versions.
func (r rpc) stream() error {
	chunks, err := r.collect(suite.Prompt)
	if err != nil {
		return err
	}
	var text string
	for _, chunk := range chunks {
		text += chunk.Candidates[0].Content.Parts[0].GetText()
	}
	part := &betapb.Part{Data: &betapb.Part_Text{Text: suite.Prompt}}
	contents := []*betapb.Content{{Role: "user", Parts: []*betapb.Part{part}}}
	request := &betapb.GenerateContentRequest{Model: model, Contents: contents}
	stream, err := r.beta.StreamGenerateContent(r.ctx, request)
	newer, err := collect(stream, err)
	return errors.Join(
		err,
		suite.CheckText(text),
		suite.Equal(len(chunks), 5),
		suite.Equal(len(newer), 5),
		suite.Equal(chunks[4].UsageMetadata.CandidatesTokenCount, suite.OutputTokens),
	)
}

func (r rpc) streamTool() error {
	chunks, err := r.collect(suite.ToolPrompt)
	if err != nil {
		return err
	}
	return suite.Equal(calls(chunks...), "weather")
}

func (r rpc) blocked() error {
	chunks, err := r.collect(blocked)
	if err != nil {
		return err
	}
	reason := chunks[0].PromptFeedback.BlockReason
	return suite.Equal(reason, aiplatformpb.GenerateContentResponse_PromptFeedback_MODEL_ARMOR)
}

func (r rpc) count() error {
	answer, err := r.tokens.CountTokens(r.ctx, &aiplatformpb.CountTokensRequest{
		Endpoint: model, Contents: user("abcdefgh"),
	})
	if err != nil {
		return err
	}
	return suite.Equal(answer.TotalTokens, 2)
}

func (r rpc) compute() error {
	answer, err := r.tokens.ComputeTokens(r.ctx, &aiplatformpb.ComputeTokensRequest{
		Endpoint: model, Contents: user("abcdefgh"),
	})
	if err != nil {
		return err
	}
	return suite.Equal(string(bytes.Join(answer.TokensInfo[0].Tokens, []byte(" "))), "abcd efgh")
}

func value(plain any) *structpb.Value {
	made, err := structpb.NewValue(plain)
	suite.Must(err)
	return made
}

func (r rpc) predict(name string, instance, parameters any) (*structpb.Value, error) {
	answer, err := r.prediction.Predict(r.ctx, &aiplatformpb.PredictRequest{
		Endpoint: name, Instances: []*structpb.Value{value(instance)}, Parameters: value(parameters),
	})
	if err != nil {
		return nil, err
	}
	return answer.Predictions[0], nil
}

func (r rpc) embeddings() error {
	one, err := r.predict(
		scope+"/publishers/google/models/"+embedding,
		map[string]any{"content": "a"},
		map[string]any{"outputDimensionality": 3},
	)
	if err != nil {
		return err
	}
	found := one.GetStructValue().Fields["embeddings"].GetStructValue().Fields
	return suite.Equal(len(found["values"].GetListValue().Values), 3)
}

func (r rpc) embedContent() error {
	answer, err := r.prediction.EmbedContent(r.ctx, &aiplatformpb.EmbedContentRequest{
		Model:   proto.String(scope + "/publishers/google/models/" + embedding2),
		Content: user("abcd")[0],
	})
	if err != nil {
		return err
	}
	return suite.Equal(len(answer.Embedding.Values), 3072)
}

func (r rpc) custom() error {
	one, err := r.predict(endpoint, map[string]any{"prompt": "[[leakbed chunks=1 bytes=7]]"}, nil)
	if err != nil {
		return err
	}
	return suite.Equal(len(one.GetStringValue()), 7)
}

func (r rpc) explain() error {
	instance := value(map[string]any{"age": 3, "name": "x"})
	answer, err := r.prediction.Explain(r.ctx, &aiplatformpb.ExplainRequest{
		Endpoint: endpoint, Instances: []*structpb.Value{instance},
	})
	if err != nil {
		return err
	}
	shares := answer.Explanations[0].Attributions[0].FeatureAttributions.GetStructValue().Fields
	return suite.Equal(len(shares), 2)
}

func (r rpc) rawBody(body map[string]any) *httpbody.HttpBody {
	body["messages"] = []any{map[string]string{"role": "user", "content": suite.Prompt}}
	data, err := json.Marshal(body)
	suite.Must(err)
	return &httpbody.HttpBody{ContentType: "application/json", Data: data}
}

func (r rpc) claudeBody(isStream bool) *httpbody.HttpBody {
	return r.rawBody(map[string]any{
		"anthropic_version": "vertex-2023-10-16", "max_tokens": 1000, "stream": isStream,
	})
}

func (r rpc) rawClaude() error {
	answer, err := r.prediction.RawPredict(r.ctx, &aiplatformpb.RawPredictRequest{
		Endpoint: claude, HttpBody: r.claudeBody(false),
	})
	if err != nil {
		return err
	}
	var message struct{ Content []struct{ Text string } }
	suite.Must(json.Unmarshal(answer.Data, &message))
	return suite.CheckText(message.Content[0].Text)
}

func (r rpc) rawClaudeStream() error {
	stream, err := r.prediction.StreamRawPredict(r.ctx, &aiplatformpb.StreamRawPredictRequest{
		Endpoint: claude, HttpBody: r.claudeBody(true),
	})
	events, err := collect(stream, err)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(events[0].Data), "\n")
	// message_start, block start, ping, 4 deltas, block stop, message_delta, message_stop.
	return errors.Join(suite.Equal(len(events), 10), suite.Equal(first, "event: message_start"))
}

func (r rpc) rawMistral() error {
	answer, err := r.prediction.RawPredict(r.ctx, &aiplatformpb.RawPredictRequest{
		Endpoint: mistral, HttpBody: r.rawBody(map[string]any{"model": "mistral-medium-3"}),
	})
	if err != nil {
		return err
	}
	var completion struct {
		Choices []struct{ Message struct{ Content string } }
	}
	suite.Must(json.Unmarshal(answer.Data, &completion))
	return suite.CheckText(completion.Choices[0].Message.Content)
}

func (r rpc) chat() error {
	body := r.rawBody(map[string]any{"model": "meta/llama-3.3-70b-instruct-maas", "stream": true})
	stream, err := r.beta.ChatCompletions(r.ctx, &betapb.ChatCompletionsRequest{
		Endpoint: scope + "/endpoints/openapi", HttpBody: body,
	})
	events, err := collect(stream, err)
	if err != nil {
		return err
	}
	last := strings.TrimSpace(string(events[len(events)-1].Data))
	// 4 pieces, the one that says why it stopped, and the mark.
	return errors.Join(suite.Equal(len(events), 6), suite.Equal(last, "data: [DONE]"))
}

func (r rpc) cached() error {
	content := &aiplatformpb.CachedContent{
		Model: model, Contents: user(strings.Repeat("x", 4000)), Expiration: lasting(60),
	}
	made, err := r.caches.CreateCachedContent(r.ctx, &aiplatformpb.CreateCachedContentRequest{
		Parent: scope, CachedContent: content,
	})
	if err != nil {
		return err
	}
	get := &aiplatformpb.GetCachedContentRequest{Name: made.Name}
	found, err := r.caches.GetCachedContent(r.ctx, get)
	if err != nil {
		return err
	}
	asked := asking("abcd")
	asked.CachedContent, asked.Tools = made.Name, nil
	answer, err := r.prediction.GenerateContent(r.ctx, asked)
	if err != nil {
		return err
	}
	updated, err := r.caches.UpdateCachedContent(r.ctx, &aiplatformpb.UpdateCachedContentRequest{
		CachedContent: &aiplatformpb.CachedContent{Name: made.Name, Expiration: lasting(7200)},
		UpdateMask:    &fieldmaskpb.FieldMask{Paths: []string{"ttl"}},
	})
	if err != nil {
		return err
	}
	listed := &aiplatformpb.ListCachedContentsRequest{Parent: scope}
	if _, err = r.caches.ListCachedContents(r.ctx, listed).Next(); err != nil {
		return err
	}
	gone := &aiplatformpb.DeleteCachedContentRequest{Name: made.Name}
	if err = r.caches.DeleteCachedContent(r.ctx, gone); err != nil {
		return err
	}
	_, err = r.caches.GetCachedContent(r.ctx, get)
	return errors.Join(
		suite.Equal(found.UsageMetadata.TotalTokenCount, 1000),
		suite.Equal(answer.UsageMetadata.CachedContentTokenCount, 1000),
		suite.Equal(updated.GetExpireTime().AsTime().After(made.GetExpireTime().AsTime()), true),
		suite.Equal(grpcstatus.Code(err), codes.NotFound),
	)
}

func lasting(seconds int64) *aiplatformpb.CachedContent_Ttl {
	return &aiplatformpb.CachedContent_Ttl{Ttl: &durationpb.Duration{Seconds: seconds}}
}

func (r rpc) locations() error {
	found, err := r.prediction.GetLocation(r.ctx, &locationpb.GetLocationRequest{Name: scope})
	if err != nil {
		return err
	}
	listed := &locationpb.ListLocationsRequest{Name: "projects/p"}
	if _, err = r.prediction.ListLocations(r.ctx, listed).Next(); err != nil {
		return err
	}
	return suite.Equal(found.LocationId, "us-central1")
}

func (r rpc) throttled() error {
	_, err := r.prediction.GenerateContent(r.ctx, asking(suite.Throttled))
	return suite.Equal(grpcstatus.Code(err), codes.ResourceExhausted)
}

func (r rpc) exception() error {
	chunks, err := r.collect(suite.Broken)
	if grpcstatus.Code(err) != codes.ResourceExhausted {
		return fmt.Errorf("after %d chunks: %v", len(chunks), err)
	}
	return suite.Equal(len(chunks), 3)
}

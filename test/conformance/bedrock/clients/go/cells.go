package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/document"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime/types"
	"github.com/aws/smithy-go"
	"leakbed/suite"
)

const (
	claude     = "anthropic.claude-3-haiku-20240307-v1:0"
	profileArn = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us." + claude
)

// cell is one check, and the operations that the fake serves during it.
type cell struct {
	operation string
	served    []string
	check     func(*asking) error
}

func of(operation string, check func(*asking) error, served ...string) cell {
	if len(served) == 0 {
		served = []string{operation}
	}
	return cell{operation, served, check}
}

var cells = []cell{
	of("Converse", (*asking).converse),
	of("Converse, tool", (*asking).converseTool, "Converse"),
	of("ConverseStream", (*asking).converseStream),
	of("ConverseStream, tool", (*asking).converseStreamTool, "ConverseStream"),
	of("ARN", (*asking).byArn, "Converse"),
	of("throttled", (*asking).throttled, "Converse"),
	of("exception", (*asking).exception, "ConverseStream"),
	of("exception, invoke", (*asking).exceptionInvoke, "InvokeModelWithResponseStream"),
	of("wrong key", (*asking).wrongKey, "Converse"),
	of("InvokeModel", (*asking).invokeModel),
	of("InvokeModelWithResponseStream", (*asking).invokeStream),
	of("InvokeModelWithBidirectionalStream", (*asking).bidirectional),
	of("embeddings", (*asking).embeddings, "InvokeModel", "InvokeModel"),
	of("CountTokens", (*asking).countTokens, "CountTokens", "Converse"),
	of("ApplyGuardrail", (*asking).applyGuardrail, "ApplyGuardrail", "ApplyGuardrail"),
	of("InvokeGuardrailChecks", (*asking).guardrailChecks),
	of("StartAsyncInvoke", (*asking).startJob),
	of("GetAsyncInvoke", (*asking).getJob, "StartAsyncInvoke", "GetAsyncInvoke"),
	of("ListAsyncInvokes", (*asking).listJobs, "StartAsyncInvoke", "ListAsyncInvokes"),
	of("ListFoundationModels", (*asking).listModels),
	of("GetFoundationModel", (*asking).getModel),
	of("ListInferenceProfiles", (*asking).listProfiles),
	of("GetInferenceProfile", (*asking).getProfile),
}

func said(text string) []types.Message {
	content := []types.ContentBlock{&types.ContentBlockMemberText{Value: text}}
	return []types.Message{{Role: types.ConversationRoleUser, Content: content}}
}

func tools() *types.ToolConfiguration {
	schema := map[string]any{
		"type":       "object",
		"properties": map[string]any{"city": map[string]any{"type": "string"}},
	}
	input := &types.ToolInputSchemaMemberJson{Value: document.NewLazyDocument(schema)}
	tool := types.ToolSpecification{Name: aws.String("weather"), InputSchema: input}
	return &types.ToolConfiguration{Tools: []types.Tool{&types.ToolMemberToolSpec{Value: tool}}}
}

func (s *asking) ask(model, text string) (*bedrockruntime.ConverseOutput, error) {
	return s.runtime.Converse(s.ctx, &bedrockruntime.ConverseInput{
		ModelId: aws.String(model), Messages: said(text),
	})
}

func blocks(answer *bedrockruntime.ConverseOutput) []types.ContentBlock {
	return answer.Output.(*types.ConverseOutputMemberMessage).Value.Content
}

func textOf(answer *bedrockruntime.ConverseOutput) string {
	return blocks(answer)[0].(*types.ContentBlockMemberText).Value
}

func (s *asking) converse() error {
	answer, err := s.ask(claude, suite.Prompt)
	if err != nil {
		return err
	}
	total := *answer.Usage.InputTokens + suite.OutputTokens
	return errors.Join(
		suite.CheckText(textOf(answer)),
		suite.Equal(answer.StopReason, types.StopReasonEndTurn),
		suite.Equal(*answer.Usage.OutputTokens, suite.OutputTokens),
		suite.Equal(*answer.Usage.TotalTokens, total),
	)
}

func (s *asking) converseTool() error {
	answer, err := s.runtime.Converse(s.ctx, &bedrockruntime.ConverseInput{
		ModelId: aws.String(claude), Messages: said(suite.ToolPrompt), ToolConfig: tools(),
	})
	if err != nil {
		return err
	}
	content := blocks(answer)
	use := content[len(content)-1].(*types.ContentBlockMemberToolUse).Value
	var input struct{ City string }
	return errors.Join(
		use.Input.UnmarshalSmithyDocument(&input),
		suite.Equal(input.City != "", true),
		suite.Equal(*use.Name, "weather"),
		suite.Equal(answer.StopReason, types.StopReasonToolUse),
	)
}

func (s *asking) stream(text string, tools *types.ToolConfiguration) ([]types.ConverseStreamOutput, error) {
	answer, err := s.runtime.ConverseStream(s.ctx, &bedrockruntime.ConverseStreamInput{
		ModelId: aws.String(claude), Messages: said(text), ToolConfig: tools,
	})
	if err != nil {
		return nil, err
	}
	stream := answer.GetStream()
	defer stream.Close()
	var events []types.ConverseStreamOutput
	for event := range stream.Events() {
		events = append(events, event)
	}
	return events, stream.Err()
}

// deltas joins the text and the tool's input of a stream, and finds why it stopped.
func deltas(events []types.ConverseStreamOutput) (text, input string, reason types.StopReason) {
	for _, event := range events {
		switch event := event.(type) {
		case *types.ConverseStreamOutputMemberContentBlockDelta:
			switch delta := event.Value.Delta.(type) {
			case *types.ContentBlockDeltaMemberText:
				text += delta.Value
			case *types.ContentBlockDeltaMemberToolUse:
				input += *delta.Value.Input
			}
		case *types.ConverseStreamOutputMemberMessageStop:
			reason = event.Value.StopReason
		}
	}
	return text, input, reason
}

func (s *asking) converseStream() error {
	events, err := s.stream(suite.Prompt, nil)
	if err != nil {
		return err
	}
	text, _, reason := deltas(events)
	last, isLast := events[len(events)-1].(*types.ConverseStreamOutputMemberMetadata)
	if !isLast {
		return errors.New("metadata is not the last event")
	}
	return errors.Join(
		suite.CheckText(text),
		// messageStart, 4 deltas, contentBlockStop, messageStop, metadata.
		suite.Equal(len(events), 8),
		suite.Equal(reason, types.StopReasonEndTurn),
		suite.Equal(*last.Value.Usage.OutputTokens, suite.OutputTokens),
	)
}

func (s *asking) converseStreamTool() error {
	events, err := s.stream(suite.ToolPrompt, tools())
	if err != nil {
		return err
	}
	_, input, reason := deltas(events)
	var given struct{ City string }
	return errors.Join(
		json.Unmarshal([]byte(input), &given),
		suite.Equal(given.City != "", true),
		suite.Equal(reason, types.StopReasonToolUse),
	)
}

func (s *asking) byArn() error {
	answer, err := s.ask(profileArn, suite.Prompt)
	if err != nil {
		return err
	}
	return suite.CheckText(textOf(answer))
}

func (s *asking) throttled() error {
	_, err := s.ask(claude, suite.Throttled)
	var refused *types.ThrottlingException
	if !errors.As(err, &refused) {
		return fmt.Errorf("not a ThrottlingException: %v", err)
	}
	return nil
}

func brokenAfterThree(count int, err error) error {
	var refused *types.ThrottlingException
	if !errors.As(err, &refused) {
		return fmt.Errorf("not a ThrottlingException: %v", err)
	}
	return suite.Equal(count, 3)
}

func (s *asking) exception() error {
	events, err := s.stream(suite.Broken, nil)
	return brokenAfterThree(len(events), err)
}

func (s *asking) exceptionInvoke() error {
	chunks, err := s.chunks(suite.Broken)
	return brokenAfterThree(len(chunks), err)
}

func (s *asking) wrongKey() error {
	_, err := s.stranger.Converse(s.ctx, &bedrockruntime.ConverseInput{
		ModelId: aws.String(claude), Messages: said(suite.Prompt),
	})
	var refused smithy.APIError
	switch {
	case !s.door.Verifies:
		return err
	case !errors.As(err, &refused):
		return fmt.Errorf("was not refused: %v", err)
	}
	return suite.Equal(refused.ErrorCode(), "InvalidSignatureException")
}

func messagesBody(text string) []byte {
	body, err := json.Marshal(map[string]any{
		"anthropic_version": "bedrock-2023-05-31",
		"max_tokens":        1000,
		"messages":          []any{map[string]string{"role": "user", "content": text}},
	})
	suite.Must(err)
	return body
}

func (s *asking) invoke(model string, body []byte, into any) error {
	answer, err := s.runtime.InvokeModel(s.ctx, &bedrockruntime.InvokeModelInput{
		ModelId: aws.String(model), Body: body, ContentType: aws.String("application/json"),
	})
	if err != nil {
		return err
	}
	return json.Unmarshal(answer.Body, into)
}

func (s *asking) invokeModel() error {
	var message struct {
		Content []struct{ Text string }
		Reason  string `json:"stop_reason"`
		Usage   struct {
			Tokens int `json:"output_tokens"`
		}
	}
	if err := s.invoke(claude, messagesBody(suite.Prompt), &message); err != nil {
		return err
	}
	return errors.Join(
		suite.CheckText(message.Content[0].Text),
		suite.Equal(message.Reason, "end_turn"),
		suite.Equal(message.Usage.Tokens, suite.OutputTokens),
	)
}

type chunk struct {
	Delta   struct{ Text string }
	Event   struct{ TextOutput struct{ Content string } }
	Metrics struct{ OutputTokenCount int } `json:"amazon-bedrock-invocationMetrics"`
}

func (s *asking) chunks(text string) ([]chunk, error) {
	answer, err := s.runtime.InvokeModelWithResponseStream(
		s.ctx,
		&bedrockruntime.InvokeModelWithResponseStreamInput{
			ModelId: aws.String(claude), Body: messagesBody(text),
		},
	)
	if err != nil {
		return nil, err
	}
	stream := answer.GetStream()
	defer stream.Close()
	var chunks []chunk
	for event := range stream.Events() {
		var one chunk
		part := event.(*types.ResponseStreamMemberChunk).Value
		suite.Must(json.Unmarshal(part.Bytes, &one))
		chunks = append(chunks, one)
	}
	return chunks, stream.Err()
}

func (s *asking) invokeStream() error {
	chunks, err := s.chunks(suite.Prompt)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, one := range chunks {
		text.WriteString(one.Delta.Text)
	}
	return errors.Join(
		suite.CheckText(text.String()),
		suite.Equal(len(chunks), 9),
		suite.Equal(chunks[len(chunks)-1].Metrics.OutputTokenCount, suite.OutputTokens),
	)
}

func (s *asking) bidirectional() error {
	answer, err := s.runtime.InvokeModelWithBidirectionalStream(
		s.ctx,
		&bedrockruntime.InvokeModelWithBidirectionalStreamInput{
			ModelId: aws.String("amazon.nova-sonic-v1:0"),
		},
	)
	if err != nil {
		return err
	}
	stream := answer.GetStream()
	defer stream.Close()
	names := `"promptName":"p","contentName":"c"`
	for _, event := range []string{
		`"sessionStart":{"inferenceConfiguration":{"maxTokens":1024}}`,
		`"promptStart":{"promptName":"p"}`,
		`"contentStart":{` + names + `,"type":"TEXT","role":"USER"}`,
		`"textInput":{` + names + `,"content":"` + suite.Prompt + `"}`,
		`"contentEnd":{` + names + `}`,
		`"promptEnd":{"promptName":"p"}`,
		`"sessionEnd":{}`,
	} {
		part := types.BidirectionalInputPayloadPart{Bytes: []byte(`{"event":{` + event + `}}`)}
		input := &types.InvokeModelWithBidirectionalStreamInputMemberChunk{Value: part}
		if err := stream.Send(s.ctx, input); err != nil {
			return err
		}
	}
	count, text := 0, ""
	for count < 9 {
		event, isOpen := <-stream.Events()
		if !isOpen {
			break
		}
		part := event.(*types.InvokeModelWithBidirectionalStreamOutputMemberChunk).Value
		var one chunk
		if err := json.Unmarshal(part.Bytes, &one); err != nil {
			return err
		}
		count++
		text += one.Event.TextOutput.Content
	}
	return errors.Join(stream.Err(), suite.CheckText(text), suite.Equal(count, 9))
}

func (s *asking) embeddings() error {
	var titan struct{ Embedding []float64 }
	var cohere struct{ Embeddings [][]float64 }
	body := []byte(`{"inputText":"Hello","dimensions":256}`)
	texts := []byte(`{"texts":["One","Two"],"input_type":"search_query"}`)
	if err := errors.Join(
		s.invoke("amazon.titan-embed-text-v2:0", body, &titan),
		s.invoke("cohere.embed-english-v3", texts, &cohere),
	); err != nil {
		return err
	}
	return errors.Join(
		suite.Equal(len(titan.Embedding), 256),
		suite.Equal(len(cohere.Embeddings), 2),
		suite.Equal(len(cohere.Embeddings[0]), 1024),
	)
}

func (s *asking) countTokens() error {
	converse := types.ConverseTokensRequest{Messages: said(suite.Prompt)}
	counted, err := s.runtime.CountTokens(s.ctx, &bedrockruntime.CountTokensInput{
		ModelId: aws.String(claude), Input: &types.CountTokensInputMemberConverse{Value: converse},
	})
	if err != nil {
		return err
	}
	answer, err := s.ask(claude, suite.Prompt)
	if err != nil {
		return err
	}
	return suite.Equal(*counted.InputTokens, *answer.Usage.InputTokens)
}

func (s *asking) guard(text string) (*bedrockruntime.ApplyGuardrailOutput, error) {
	block := types.GuardrailTextBlock{Text: aws.String(text)}
	return s.runtime.ApplyGuardrail(s.ctx, &bedrockruntime.ApplyGuardrailInput{
		GuardrailIdentifier: aws.String("abcdef123456"),
		GuardrailVersion:    aws.String("1"),
		Source:              types.GuardrailContentSourceInput,
		Content: []types.GuardrailContentBlock{
			&types.GuardrailContentBlockMemberText{Value: block},
		},
	})
}

func (s *asking) applyGuardrail() error {
	clean, err := s.guard("Hello")
	if err != nil {
		return err
	}
	stopped, err := s.guard("[[leakbed stop=guardrail]]")
	if err != nil {
		return err
	}
	return errors.Join(
		suite.Equal(clean.Action, types.GuardrailActionNone),
		suite.Equal(stopped.Action, types.GuardrailActionGuardrailIntervened),
		suite.Equal(len(stopped.Outputs), 1),
	)
}

func (s *asking) guardrailChecks() error {
	category := types.GuardrailChecksContentFilterCategoryConfig{Category: "HATE"}
	answer, err := s.runtime.InvokeGuardrailChecks(s.ctx, &bedrockruntime.InvokeGuardrailChecksInput{
		Messages: []types.GuardrailChecksMessage{{
			Role: "user",
			Content: []types.GuardrailChecksContentBlock{
				&types.GuardrailChecksContentBlockMemberText{Value: "Hello"},
			},
		}},
		Checks: &types.GuardrailChecksConfig{
			ContentFilter: &types.GuardrailChecksContentFilterConfig{
				Categories: []types.GuardrailChecksContentFilterCategoryConfig{category},
			},
		},
	})
	if err != nil {
		return err
	}
	return suite.Equal(*answer.Results.ContentFilter.Results[0].SeverityScore, 0)
}

func (s *asking) job() (string, error) {
	location := types.AsyncInvokeS3OutputDataConfig{S3Uri: aws.String("s3://bucket/films")}
	answer, err := s.runtime.StartAsyncInvoke(s.ctx, &bedrockruntime.StartAsyncInvokeInput{
		ModelId: aws.String("amazon.nova-reel-v1:0"),
		ModelInput: document.NewLazyDocument(map[string]any{
			"taskType":          "TEXT_VIDEO",
			"textToVideoParams": map[string]any{"text": "A river."},
		}),
		OutputDataConfig: &types.AsyncInvokeOutputDataConfigMemberS3OutputDataConfig{Value: location},
	})
	if err != nil {
		return "", err
	}
	return *answer.InvocationArn, nil
}

func (s *asking) startJob() error {
	arn, err := s.job()
	if err != nil {
		return err
	}
	return suite.Equal(strings.HasPrefix(arn, "arn:aws:bedrock:us-east-1:"), true)
}

func (s *asking) getJob() error {
	arn, err := s.job()
	if err != nil {
		return err
	}
	job, err := s.runtime.GetAsyncInvoke(s.ctx, &bedrockruntime.GetAsyncInvokeInput{
		InvocationArn: aws.String(arn),
	})
	if err != nil {
		return err
	}
	return errors.Join(suite.Equal(*job.InvocationArn, arn), suite.Equal(job.SubmitTime.IsZero(), false))
}

func (s *asking) listJobs() error {
	arn, err := s.job()
	if err != nil {
		return err
	}
	answer, err := s.runtime.ListAsyncInvokes(s.ctx, &bedrockruntime.ListAsyncInvokesInput{
		MaxResults: aws.Int32(1),
	})
	if err != nil {
		return err
	}
	return suite.Equal(*answer.AsyncInvokeSummaries[0].InvocationArn, arn)
}

func (s *asking) listModels() error {
	answer, err := s.control.ListFoundationModels(s.ctx, &bedrock.ListFoundationModelsInput{
		ByProvider: aws.String("Anthropic"),
	})
	if err != nil {
		return err
	}
	for _, model := range answer.ModelSummaries {
		if *model.ModelId == claude {
			return nil
		}
	}
	return errors.New(claude + " is not in the list")
}

func (s *asking) getModel() error {
	answer, err := s.control.GetFoundationModel(s.ctx, &bedrock.GetFoundationModelInput{
		ModelIdentifier: aws.String(claude),
	})
	if err != nil {
		return err
	}
	return suite.Equal(*answer.ModelDetails.ModelId, claude)
}

func (s *asking) listProfiles() error {
	answer, err := s.control.ListInferenceProfiles(s.ctx, &bedrock.ListInferenceProfilesInput{
		MaxResults: aws.Int32(2),
	})
	if err != nil {
		return err
	}
	isMore := answer.NextToken != nil
	return errors.Join(suite.Equal(len(answer.InferenceProfileSummaries), 2), suite.Equal(isMore, true))
}

func (s *asking) getProfile() error {
	answer, err := s.control.GetInferenceProfile(s.ctx, &bedrock.GetInferenceProfileInput{
		InferenceProfileIdentifier: aws.String("us." + claude),
	})
	if err != nil {
		return err
	}
	return suite.Equal(*answer.InferenceProfileId, "us."+claude)
}

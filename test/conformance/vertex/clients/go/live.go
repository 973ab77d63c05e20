package main

import (
	"errors"

	"google.golang.org/genai"
	"leakbed/suite"
)

func (g gen) connect(config *genai.LiveConnectConfig) (*genai.Session, error) {
	config.ResponseModalities = []genai.Modality{genai.ModalityText}
	return g.client.Live.Connect(g.ctx, "gemini-2.0-flash-live", config)
}

func said(text string) genai.LiveClientContentInput {
	return genai.LiveClientContentInput{Turns: genai.Text(text)}
}

// receive reads to the end of a turn, or to a tool call; it joins the text and counts its pieces.
func receive(session *genai.Session) (text string, pieces int, call *genai.FunctionCall, err error) {
	for {
		message, err := session.Receive()
		if err != nil {
			return text, pieces, nil, err
		}
		if message.ToolCall != nil {
			return text, pieces, message.ToolCall.FunctionCalls[0], nil
		}
		content := message.ServerContent
		if content == nil {
			continue
		}
		if content.ModelTurn != nil {
			for _, part := range content.ModelTurn.Parts {
				text, pieces = text+part.Text, pieces+1
			}
		}
		if content.TurnComplete {
			return text, pieces, nil, nil
		}
	}
}

func (g gen) live() error {
	session, err := g.connect(&genai.LiveConnectConfig{})
	if err != nil {
		return err
	}
	defer session.Close()
	if err := session.SendClientContent(said(suite.Prompt)); err != nil {
		return err
	}
	text, pieces, _, err := receive(session)
	return errors.Join(err, suite.CheckText(text), suite.Equal(pieces, 4))
}

func (g gen) liveTool() error {
	session, err := g.connect(&genai.LiveConnectConfig{Tools: weather})
	if err != nil {
		return err
	}
	defer session.Close()
	if err := session.SendClientContent(said("[[leakbed chunks=1 tool=1]]")); err != nil {
		return err
	}
	_, _, call, err := receive(session)
	if err != nil {
		return err
	}
	response := &genai.FunctionResponse{
		ID: call.ID, Name: call.Name, Response: map[string]any{"note": "[[leakbed chunks=1]]"},
	}
	input := genai.LiveToolResponseInput{FunctionResponses: []*genai.FunctionResponse{response}}
	if err := session.SendToolResponse(input); err != nil {
		return err
	}
	_, pieces, _, err := receive(session)
	return errors.Join(err, suite.Equal(call.Name, "weather"), suite.Equal(pieces, 1))
}

package main

import (
	"errors"

	"cloud.google.com/go/aiplatform/apiv1/aiplatformpb"
	"leakbed/suite"
)

const (
	eight  = "[[leakbed chunks=2 bytes=4]]"
	twelve = "[[leakbed chunks=3 bytes=4]]"
	nine   = "[[leakbed chunks=1 bytes=9]]"
)

func tensor(text string) []*aiplatformpb.Tensor {
	return []*aiplatformpb.Tensor{
		{Dtype: aiplatformpb.Tensor_STRING, Shape: []int64{1}, StringVal: []string{text}},
	}
}

func (r rpc) direct() error {
	answer, err := r.prediction.DirectPredict(r.ctx, &aiplatformpb.DirectPredictRequest{
		Endpoint: endpoint, Inputs: tensor(eight),
	})
	if err != nil {
		return err
	}
	return suite.Equal(len(answer.Outputs[0].StringVal[0]), 8)
}

func (r rpc) directRaw() error {
	answer, err := r.prediction.DirectRawPredict(r.ctx, &aiplatformpb.DirectRawPredictRequest{
		Endpoint: endpoint, MethodName: "M", Input: []byte(eight),
	})
	if err != nil {
		return err
	}
	return suite.Equal(len(answer.Output), 8)
}

func (r rpc) serverStreaming() error {
	stream, err := r.prediction.ServerStreamingPredict(r.ctx, &aiplatformpb.StreamingPredictRequest{
		Endpoint: endpoint, Inputs: tensor(twelve),
	})
	answers, err := collect(stream, err)
	return errors.Join(err, suite.Equal(len(answers), 3))
}

// bothWays is a stream of requests and of answers.
type bothWays[Q, A any] interface {
	receiver[A]
	Send(Q) error
	CloseSend() error
}

// converse sends two messages, the second without its endpoint, and gets two answers and one.
func converse[Q, A any](stream bothWays[Q, A], err error, first, second Q) error {
	if err != nil {
		return err
	}
	if err := errors.Join(stream.Send(first), stream.Send(second), stream.CloseSend()); err != nil {
		return err
	}
	answers, err := collect[A](stream, nil)
	return errors.Join(err, suite.Equal(len(answers), 3))
}

func (r rpc) streaming() error {
	stream, err := r.prediction.StreamingPredict(r.ctx)
	return converse(stream, err,
		&aiplatformpb.StreamingPredictRequest{Endpoint: endpoint, Inputs: tensor(eight)},
		&aiplatformpb.StreamingPredictRequest{Inputs: tensor(nine)},
	)
}

func (r rpc) streamDirect() error {
	stream, err := r.prediction.StreamDirectPredict(r.ctx)
	return converse(stream, err,
		&aiplatformpb.StreamDirectPredictRequest{Endpoint: endpoint, Inputs: tensor(eight)},
		&aiplatformpb.StreamDirectPredictRequest{Inputs: tensor(nine)},
	)
}

func (r rpc) streamingRaw() error {
	stream, err := r.prediction.StreamingRawPredict(r.ctx)
	return converse(stream, err,
		&aiplatformpb.StreamingRawPredictRequest{
			Endpoint: endpoint, MethodName: "M", Input: []byte(eight),
		},
		&aiplatformpb.StreamingRawPredictRequest{Input: []byte(nine)},
	)
}

func (r rpc) streamDirectRaw() error {
	stream, err := r.prediction.StreamDirectRawPredict(r.ctx)
	return converse(stream, err,
		&aiplatformpb.StreamDirectRawPredictRequest{
			Endpoint: endpoint, MethodName: "M", Input: []byte(eight),
		},
		&aiplatformpb.StreamDirectRawPredictRequest{Input: []byte(nine)},
	)
}

// generateContent and streamGenerateContent: a Gemini answer over gRPC, REST and SSE. Reads the
// request, then hands the script's events to the wire that this client understands.
// Source: google/cloud/aiplatform/v1/prediction_service.proto.

import type { Call } from '../provider.ts';
import { type CollectedBlock, inputOf } from '../script/collector.ts';
import { cachedTokensOf } from './cached-contents.ts';
import { blockedChunk, chunkIdentity, finalChunk, type GeminiPart } from './gemini-chunk.ts';
import { geminiModel, readGeminiPrompt } from './gemini-request.ts';
import { type GeminiStreamOptions, geminiCodec, geminiEventCount } from './gemini-stream.ts';
import { wantsPartialArgs } from './gemini-tools.ts';
import { collectedAnswer, type VertexOperation } from './operation.ts';
import type { Invocation } from './request.ts';
import { messageWire } from './wire.ts';

type GenerateCall = Call & GeminiStreamOptions;

function readCall({ method, resource, fields, request }: Invocation): GenerateCall {
  const model = geminiModel(resource);
  const cachedTokens = cachedTokensOf(request, fields('cachedContent'));
  const streamsArguments = wantsPartialArgs(fields);
  return {
    operation: method.name,
    model,
    cachedTokens,
    streamsArguments,
    ...readGeminiPrompt(fields),
  };
}

export const generateContent: VertexOperation<GenerateCall> = {
  read: readCall,
  answer(call, script, invocation) {
    const identity = chunkIdentity(call.model, script);
    return collectedAnswer(invocation, ({ blocks, stopReason, usage }) => {
      if (stopReason === 'guardrail') return blockedChunk(identity, usage);
      const citations = blocks.flatMap((block) => (block.kind === 'text' ? block.citations : []));
      const finish = { stop: stopReason, usage, citations };
      return finalChunk(identity, blocks.map(partOf), finish, script, call.cachedTokens);
    });
  },
};

export const streamGenerateContent: VertexOperation<GenerateCall> = {
  read: readCall,
  answer(call, script, invocation) {
    const identity = chunkIdentity(call.model, script);
    const wire = messageWire(invocation, script);
    return {
      status: 200,
      headers: wire.headers,
      codec: geminiCodec(identity, wire, script, call),
      isStreaming: true,
      totalEvents: geminiEventCount(script, call),
      mayCompress: true,
    };
  },
};

function partOf(block: CollectedBlock): GeminiPart {
  switch (block.kind) {
    case 'text':
      return { text: block.text };
    case 'thinking':
      return { text: block.text, thought: true, thoughtSignature: block.signature };
    case 'tool': {
      const { id, name, json } = block;
      return { functionCall: { id, name, args: inputOf(json) } };
    }
  }
}

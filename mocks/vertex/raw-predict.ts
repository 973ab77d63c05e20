// rawPredict, streamRawPredict and chat completions: bodies of other publishers, passed through.
// Over gRPC each body or piece of a stream is an HttpBody. Source: prediction_service.proto.

import { grpcFrame } from '../codec/grpc.ts';
import {
  type Answer,
  type Call,
  type Codec,
  type EncodedFrame,
  ProviderError,
} from '../provider.ts';
import { createCollector } from '../script/collector.ts';
import { splitModel } from '../script/model-suffix.ts';
import type { StreamScript } from '../script/script.ts';
import { modelNotFound } from './gemini-request.ts';
import { grpcHeaders, jsonHeaders, rawStreamHeaders } from './headers.ts';
import { fieldsOf } from './json.ts';
import { encodeResponse, type VertexOperation } from './operation.ts';
import { parseResource } from './path.ts';
import type { JsonObject, RawRequest } from './publishers/family.ts';
import { rawFamily } from './publishers/index.ts';
import type { Invocation } from './request.ts';

interface RawCall extends Call {
  readonly raw: RawRequest;
}

export const rawPredict: VertexOperation<RawCall> = {
  read(invocation) {
    const { resource, method } = invocation;
    const body = bodyOf(invocation);
    const named = parseResource(resource);
    // An endpoint's container takes what it likes; servers of open models take OpenAI's format.
    const publisher = named?.kind === 'model' ? named.publisher : 'openai';
    const model = named?.id ?? '';
    const family = rawFamily(publisher, model);
    if (family === undefined || named === undefined) throw modelNotFound(resource);
    if (publisher === 'google') {
      const message = 'Gemini cannot be accessed through Vertex Predict/RawPredict API.';
      throw new ProviderError('INVALID_ARGUMENT', message);
    }
    return callOf(method.name, model, family.read(body, model));
  },
  answer: (call, script, invocation) => answerRaw(call.raw, script, invocation),
};

/** The model is in the body, as `publisher/model`, when the endpoint is `openapi`. */
export const chatCompletions: VertexOperation<RawCall> = {
  read(invocation) {
    const body = bodyOf(invocation);
    const endpoint = parseResource(invocation.resource)?.id ?? '';
    const { model, words } = splitModel(typeof body.model === 'string' ? body.model : '');
    const [publisher = '', name] = model.split('/');
    if (endpoint === 'openapi' && (name === undefined || name === '')) {
      const problem = `Malformed publisher model (expected \`publisher/model\`): "${model}".`;
      throw new ProviderError('INVALID_ARGUMENT', problem);
    }
    const family = rawFamily(endpoint === 'openapi' ? publisher : 'openai', name ?? model);
    if (family === undefined || family.name === 'anthropic') {
      throw modelNotFound(`publishers/${publisher}/models/${name}`);
    }
    const shown = model === '' ? endpoint : model;
    const call = callOf(invocation.method.name, shown, family.read(body, shown));
    return words === undefined ? call : { ...call, modelWords: words };
  },
  answer: rawPredict.answer,
};

function callOf(operation: string, model: string, raw: RawRequest): RawCall {
  const { prompt, inputTokens, maxTokens, tools, forcedTool } = raw;
  return {
    operation,
    model,
    prompt,
    inputTokens,
    ...(maxTokens !== undefined && { maxTokens }),
    ...(tools !== undefined && { tools }),
    ...(forcedTool !== undefined && { forcedTool }),
    raw,
  };
}

function bodyOf({ request, fields }: Invocation): JsonObject {
  const bytes =
    request.transport === 'grpc' ? fieldsOf(fields('httpBody'))?.('data') : request.body;
  const text = Buffer.isBuffer(bytes) ? bytes.toString() : '';
  try {
    const parsed: unknown = JSON.parse(text);
    if (fieldsOf(parsed) !== undefined) return parsed as JsonObject;
  } catch {
    // Told below: a body that is no JSON and one that is no object are refused alike.
  }
  throw new ProviderError('INVALID_ARGUMENT', 'Request body is not valid JSON.');
}

function answerRaw(raw: RawRequest, script: StreamScript, invocation: Invocation): Answer {
  const isGrpc = invocation.request.transport === 'grpc';
  const type = raw.isStreaming ? 'text/event-stream; charset=utf-8' : 'application/json';
  const shape = isGrpc ? httpBodyFrames(invocation, type) : (frame: EncodedFrame) => frame;
  const { codec, totalEvents } = raw.isStreaming
    ? raw.stream(script)
    : { codec: bodyCodec(raw, script), totalEvents: 1 };
  const restHeaders = raw.isStreaming ? rawStreamHeaders : jsonHeaders;
  return {
    status: 200,
    headers: isGrpc ? grpcHeaders : restHeaders,
    codec: {
      encode: (event) => codec.encode(event).map(shape),
      finish: () => codec.finish().map(shape),
      // Over gRPC an error is in the trailers.
      exception: isGrpc ? () => [] : codec.exception,
    },
    isStreaming: raw.isStreaming,
    totalEvents,
    mayCompress: true,
  };
}

function httpBodyFrames(invocation: Invocation, contentType: string) {
  return ({ label, bytes }: EncodedFrame): EncodedFrame =>
    grpcFrame(label, encodeResponse(invocation, { contentType, data: bytes }));
}

function bodyCodec(raw: RawRequest, script: StreamScript): Codec {
  const collector = createCollector();
  return {
    encode(event) {
      collector.add(event);
      return [];
    },
    finish() {
      const bytes = Buffer.from(JSON.stringify(raw.body(collector.collected(), script)));
      return [{ bytes, label: 'body', regions: { payload: [0, bytes.length] } }];
    },
    exception: () => [],
  };
}

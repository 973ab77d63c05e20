// generateContent and streamGenerateContent: a Gemini answer over gRPC, REST and SSE. Reads the
// request, then hands the script's events to the wire that this client understands.
// Source: google/cloud/aiplatform/v1/prediction_service.proto.

import type { StopReason } from '../../injectors/stream.ts';
import type { Answer, ApiRequest, Call, Codec, EncodedFrame, Operation } from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import { arrayWire, type ChunkWire, chunkMessage, grpcWire, sseWire } from './chunk-wire.ts';
import {
  type ChunkIdentity,
  chunkIdentity,
  finalChunk,
  type GeminiChunk,
  type UsageEvent,
} from './gemini-chunk.ts';
import { geminiModel, readGeminiPrompt } from './gemini-request.ts';
import { grpcHeaders, jsonHeaders, sseHeaders } from './headers.ts';
import { bodyFrame, enumReplacer } from './json.ts';
import type { ApiVersion } from './protos.ts';
import { isSse, type PathParams, readRequest } from './request.ts';

interface GenerateCall extends Call {
  readonly version: ApiVersion;
}

export const generateContent: Operation<GenerateCall> = {
  name: 'GenerateContent',
  read: (request, params) => readCall('GenerateContent', request, params),
  answer: unaryAnswer,
};

export const streamGenerateContent: Operation<GenerateCall> = {
  name: 'StreamGenerateContent',
  read: (request, params) => readCall('StreamGenerateContent', request, params),
  answer: streamAnswer,
};

function readCall(operation: string, request: ApiRequest, params: PathParams): GenerateCall {
  const message = { type: 'GenerateContentRequest', resourceField: 'model' };
  const { version, resource, fields } = readRequest(request, params, message);
  return { operation, version, model: geminiModel(resource), ...readGeminiPrompt(fields) };
}

function unaryAnswer(call: GenerateCall, script: StreamScript, request: ApiRequest): Answer {
  const identity = chunkIdentity(call.model, script);
  const isGrpc = request.transport === 'grpc';
  const replacer = enumReplacer(request);
  const body = (chunk: GeminiChunk): EncodedFrame =>
    isGrpc ? chunkMessage(call.version)('body', chunk) : bodyFrame(chunk, replacer);
  return {
    status: 200,
    headers: isGrpc ? grpcHeaders : jsonHeaders,
    codec: unaryCodec(identity, body),
    isStreaming: false,
    totalEvents: 1,
  };
}

function streamAnswer(call: GenerateCall, script: StreamScript, request: ApiRequest): Answer {
  const identity = chunkIdentity(call.model, script);
  const [headers, wire] = streamWire(call.version, identity, request);
  return {
    status: 200,
    headers,
    codec: streamCodec(identity, wire),
    isStreaming: true,
    // One message per text and the last one with the finish reason.
    totalEvents: script.textEvents + 1,
  };
}

function streamWire(
  version: ApiVersion,
  identity: ChunkIdentity,
  request: ApiRequest,
): [Answer['headers'], ChunkWire] {
  if (request.transport === 'grpc') return [grpcHeaders, grpcWire(identity, version)];
  const replacer = enumReplacer(request);
  return isSse(request)
    ? [sseHeaders, sseWire(identity, replacer)]
    : [jsonHeaders, arrayWire(identity, replacer)];
}

/** Why and at what cost the model stopped, which scripts tell in two events of either order. */
interface Finish {
  stop?: StopReason;
  usage?: UsageEvent;
}

function streamCodec(identity: ChunkIdentity, wire: ChunkWire): Codec {
  let finish: Finish = {};
  const last = (): readonly EncodedFrame[] => {
    const { stop, usage } = finish;
    if (stop === undefined && usage === undefined) return [];
    finish = {};
    return [wire.chunk('stop', finalChunk(identity, '', stop, usage))];
  };
  const isWhole = () => finish.stop !== undefined && finish.usage !== undefined;
  return {
    encode(event) {
      switch (event.kind) {
        case 'start':
          return [];
        case 'text':
          return [wire.text(event.text)];
        case 'stop':
          finish.stop = event.reason;
          return isWhole() ? last() : [];
        case 'usage':
          finish.usage = event;
          return isWhole() ? last() : [];
        default:
          return [];
      }
    },
    finish: () => [...last(), ...wire.end()],
    exception: wire.exception,
  };
}

/** An error of a unary answer replaces the answer, so none is ever spelled inside it. */
function unaryCodec(identity: ChunkIdentity, body: (chunk: GeminiChunk) => EncodedFrame): Codec {
  const texts: string[] = [];
  const finish: Finish = {};
  return {
    encode(event) {
      if (event.kind === 'text') texts.push(event.text);
      if (event.kind === 'stop') finish.stop = event.reason;
      if (event.kind === 'usage') finish.usage = event;
      return [];
    },
    finish: () => [body(finalChunk(identity, texts.join(''), finish.stop, finish.usage))],
    exception: () => [],
  };
}

// predict for text embeddings over gRPC and REST. The script only gives the timing: an answer is
// one vector of unit length per text, the same for the same text in every request.
// Source: text embeddings API page of Vertex AI; google.protobuf.Value for gRPC.

import { seededRng } from '../../injectors/determinism.ts';
import { grpcFrame } from '../codec/grpc.ts';
import type { Answer, ApiRequest, Call, Codec, EncodedFrame, Operation } from '../provider.ts';
import type { StreamScript } from '../script/script.ts';
import { tokensOf } from '../script/text.ts';
import { embeddingModel, maxTokensPerText, readEmbeddingInput } from './embedding-request.ts';
import { grpcHeaders, jsonHeaders } from './headers.ts';
import { bodyFrame, fieldsOf, listOf } from './json.ts';
import { fromProtoValue, type JsonObject, toProtoValue } from './proto-value.ts';
import { type ApiVersion, encodeWithPrefix, vertexType } from './protos.ts';
import { readRequest, type VertexRequest } from './request.ts';

interface PredictCall extends Call {
  readonly version: ApiVersion;
  readonly texts: readonly string[];
  /** What the request asked for; else the script's `dims`, else the model's own. */
  readonly wantedDimensions?: number;
  readonly modelDimensions: number;
}

export const predict: Operation<PredictCall> = {
  name: 'Predict',
  read(request, params) {
    const message = { type: 'PredictRequest', resourceField: 'endpoint' };
    const raw = readRequest(request, params, message);
    const { version, resource, fields } = request.transport === 'grpc' ? plainValues(raw) : raw;
    const model = embeddingModel(resource);
    const { texts, inputTokens, dimensions } = readEmbeddingInput(fields, model);
    return {
      operation: 'Predict',
      model: model.id,
      prompt: texts.join('\n'),
      inputTokens,
      version,
      texts,
      modelDimensions: model.dimensions,
      ...(dimensions !== undefined && { wantedDimensions: dimensions }),
    };
  },
  answer(call, script, request): Answer {
    const isGrpc = request.transport === 'grpc';
    return {
      status: 200,
      headers: isGrpc ? grpcHeaders : jsonHeaders,
      codec: bodyCodec(() => predictBody(call, script, request)),
      isStreaming: false,
      totalEvents: 1,
    };
  },
};

/** Over gRPC instances and parameters come as google.protobuf.Value. */
function plainValues({ version, resource, fields }: VertexRequest): VertexRequest {
  const plain = {
    instances: listOf(fields('instances')).map(fromProtoValue),
    parameters: fromProtoValue(fields('parameters')),
  };
  return { version, resource, fields: fieldsOf(plain) ?? fields };
}

/** One body that no event adds to. */
function bodyCodec(body: () => EncodedFrame): Codec {
  return { encode: () => [], finish: () => [body()], exception: () => [] };
}

function predictBody(call: PredictCall, script: StreamScript, request: ApiRequest): EncodedFrame {
  const chosen = script.settings.dims > 0 ? script.settings.dims : call.modelDimensions;
  const dimensions = call.wantedDimensions ?? chosen;
  const predictions = call.texts.map((text) => prediction(text, dimensions));
  const billableCharacterCount = call.texts.reduce((sum, text) => sum + text.length, 0);
  const metadata = { billableCharacterCount };
  if (request.transport !== 'grpc') return bodyFrame({ predictions, metadata });
  const type = vertexType(call.version, 'PredictResponse');
  const message = type.fromObject({
    predictions: predictions.map(toProtoValue),
    metadata: toProtoValue(metadata),
  });
  return grpcFrame('body', encodeWithPrefix(type, message));
}

function prediction(text: string, dimensions: number): JsonObject {
  const tokens = tokensOf(text.length);
  const statistics = {
    token_count: Math.min(tokens, maxTokensPerText),
    truncated: tokens > maxTokensPerText,
  };
  return { embeddings: { values: unitVector(text, dimensions), statistics } };
}

function unitVector(text: string, dimensions: number): number[] {
  const rng = seededRng(dimensions).fork(text);
  const values = Array.from({ length: dimensions }, () => rng.next() * 2 - 1);
  const length = Math.hypot(...values);
  // The service computes in single precision and prints the nearest double.
  return values.map((value) => Math.fround(value / length));
}

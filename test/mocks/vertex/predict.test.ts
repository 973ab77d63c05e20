// Text embeddings and token counts over both wires, with the limits of the service.

import { test } from 'tap';
import type { ApiRequest } from '../../../mocks/provider.ts';
import { fromProtoValue, type Json, toProtoValue } from '../../../mocks/vertex/proto-value.ts';
import { vertexType } from '../../../mocks/vertex/protos.ts';
import { vertex } from '../../../mocks/vertex/provider.ts';
import {
  answerOf,
  bytesOf,
  embeddingName,
  framesOf,
  geminiName,
  grpcRequest,
  restRequest,
  userContents,
} from '../../fixtures/vertex-api.ts';

interface Predictions {
  predictions: {
    embeddings: { values: number[]; statistics: { token_count: number; truncated: boolean } };
  }[];
  metadata: { billableCharacterCount: number };
}

const texts = (count: number, text = 'hello') =>
  Array.from({ length: count }, () => ({ content: text }));

const rest = (body: unknown, name = embeddingName): ApiRequest =>
  restRequest({ path: `/v1/${name}:predict`, body });

function grpc(instances: readonly Json[], parameters: Json): ApiRequest {
  const type = vertexType('v1', 'PredictRequest');
  const message = type.fromObject({
    endpoint: embeddingName,
    instances: instances.map(toProtoValue),
    parameters: toProtoValue(parameters),
  });
  return grpcRequest('PredictionService/Predict', type.encode(message).finish());
}

const overRest = (request: ApiRequest, words = {}): Predictions =>
  JSON.parse(bytesOf(framesOf(request, words)).toString());

function overGrpc(request: ApiRequest): Predictions {
  const type = vertexType('v1', 'PredictResponse');
  const decoded = type.decode(bytesOf(framesOf(request)).subarray(5));
  const { predictions, metadata } = type.toObject(decoded);
  return {
    predictions: predictions.map(fromProtoValue),
    metadata: fromProtoValue(metadata),
  } as unknown as Predictions;
}

const values = (answer: Predictions, index = 0) => answer.predictions[index]?.embeddings.values;

test('each text gets one vector of 768 numbers and unit length', async (t) => {
  const answer = overRest(rest({ instances: texts(3) }));
  t.equal(answer.predictions.length, 3);
  t.equal(values(answer)?.length, 768);
  t.ok(Math.abs(Math.hypot(...(values(answer) ?? [])) - 1) < 1e-6);
  t.same(answer.predictions[0]?.embeddings.statistics, { token_count: 2, truncated: false });
  t.same(answer.metadata, { billableCharacterCount: 15 });
});

test('the same text has the same vector and another text another', async (t) => {
  const both = overRest(rest({ instances: [...texts(2), { content: 'other' }] }));
  t.same(values(both, 0), values(both, 1));
  t.notSame(values(both, 0), values(both, 2));
});

test('gRPC gives the very numbers that REST gives', async (t) => {
  const parameters = { outputDimensionality: 5 };
  const a = overRest(rest({ instances: texts(2), parameters }));
  t.same(overGrpc(grpc(texts(2), parameters)), a);
});

test("dimensions are the request's, else the script's, else the model's", async (t) => {
  const asked = rest({ instances: texts(1), parameters: { outputDimensionality: 5 } });
  t.equal(values(overRest(asked, { dims: 9 }))?.length, 5);
  t.equal(values(overRest(rest({ instances: texts(1) }), { dims: 9 }))?.length, 9);
});

test('a text above 2048 tokens is truncated and says so', async (t) => {
  const answer = overRest(rest({ instances: texts(1, 'x'.repeat(2048 * 4 + 1)) }));
  const statistics = { token_count: 2048, truncated: true };
  t.same(answer.predictions[0]?.embeddings.statistics, statistics);
});

const refusals = [
  { name: 'no instances', body: {}, text: /^Empty instances\.$/ },
  { name: 'empty instances', body: { instances: [] }, text: /^Empty instances\.$/ },
  { name: '251 instances', body: { instances: texts(251) }, text: /batchSize value of 251/ },
  { name: '2049 instances', body: { instances: texts(2049) }, text: /^2048 instance\(s\).*2049$/ },
  { name: 'no content', body: { instances: [{}] }, text: /content is empty/ },
  {
    name: 'more than 20 000 tokens',
    body: { instances: texts(10, 'x'.repeat(8004)) },
    text: /token count is 20010/,
  },
  {
    name: 'a long text not to be truncated',
    body: { instances: texts(1, 'x'.repeat(8193)), parameters: { autoTruncate: false } },
    text: /supports up to 2048/,
  },
  {
    name: 'too many dimensions',
    body: { instances: texts(1), parameters: { outputDimensionality: 769 } },
    text: /outputDimensionality value of 769/,
  },
];

for (const { name, body, text } of refusals) {
  test(`a request with ${name} is refused as the service does`, async (t) => {
    t.throws(() => answerOf(rest(body)), { code: 'INVALID_ARGUMENT', message: text });
  });
}

test('250 instances of 20 000 tokens in all are accepted', async (t) => {
  const request = rest({ instances: texts(250, 'x'.repeat(320)) });
  t.match(vertex.route(request)?.read().call, { inputTokens: 20_000 });
});

test('predict refuses Gemini models, and others it does not know', async (t) => {
  const body = { instances: texts(1) };
  const read = (name: string) => () => vertex.route(rest(body, name))?.read();
  t.throws(read(geminiName), { code: 'INVALID_ARGUMENT', message: /cannot be accessed/ });
  t.throws(read('publishers/google/models/constructor'), { code: 'NOT_FOUND' });
});

test('plain JSON survives google.protobuf.Value', async (t) => {
  const json = { a: [1, 'x', true, null, { b: -0.5 }], c: {}, d: [] };
  const type = vertexType('v1', 'PredictResponse');
  const message = type.fromObject({ metadata: toProtoValue(json) });
  const decoded = type.toObject(type.decode(type.encode(message).finish()));
  t.same(fromProtoValue(decoded.metadata), json);
});

test('countTokens counts as usage does, over REST and gRPC', async (t) => {
  const body = { contents: userContents('hello you') };
  const path = `/v1/${geminiName}:countTokens`;
  const counted = JSON.parse(bytesOf(framesOf(restRequest({ path, body }))).toString());
  t.match(counted, { totalTokens: 3, totalBillableCharacters: 8 });
  const type = vertexType('v1', 'CountTokensRequest');
  const message = type.encode(type.fromObject({ ...body, endpoint: geminiName })).finish();
  const frames = framesOf(grpcRequest('LlmUtilityService/CountTokens', message));
  const answer = vertexType('v1', 'CountTokensResponse').decode(bytesOf(frames).subarray(5));
  t.match(answer.toJSON(), { totalTokens: 3, totalBillableCharacters: 8 });
});

test('what is put together from written numbers has the bytes of the answer as a whole', async (t) => {
  for (const dims of [1, 2, 768]) {
    for (const count of [1, 3]) {
      const instances = texts(count).map(({ content }, index) => ({
        content: `${content} ${index}`,
      }));
      const { codec } = answerOf(rest({ instances }), { dims });
      const pieces = codec.pieces?.() ?? [];
      const whole = codec.finish();
      t.same(bytesOf(pieces), bytesOf(whole), `${count} vectors of ${dims}`);
      t.same(
        pieces.map(({ label }) => label).filter((label) => label === 'body'),
        ['body'],
      );
    }
  }
  t.equal(answerOf(grpc([{ content: 'a' }], {})).codec.pieces, undefined);
});

// @google-cloud/aiplatform over gRPC, its default transport: every call the fake serves, in both
// API versions, and every fault as the table says.

import { v1 } from '@google-cloud/aiplatform';
import type { ServiceError } from '@grpc/grpc-js';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { fromProtoValue, toProtoValue } from '../../../mocks/vertex/proto-value.ts';
import { embeddingName, geminiName, userContents } from '../../fixtures/vertex-api.ts';
import {
  generateRequest,
  grpcOptions,
  predictionClients,
  sdkStream,
  sdkUnary,
} from '../../fixtures/vertex-clients.ts';
import { streamCells, unaryCells } from './fault-cells.ts';

type Details = ServiceError & { statusDetails?: object[]; reason?: string; domain?: string };

test('aiplatform over gRPC', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  const clients = predictionClients(grpcOptions(mocks));
  const tokens = new v1.LlmUtilityServiceClient(grpcOptions(mocks));
  t.teardown(async () => {
    await Promise.all([clients.v1.close(), clients.v1beta1.close(), tokens.close()]);
    await mocks.close();
  });

  for (const [version, client] of Object.entries(clients)) {
    t.test(`generateContent of ${version} gives text, reason, usage and identity`, async (t) => {
      const [response] = await client.generateContent(generateRequest('chunks=3 bytes=5'));
      t.equal(response.candidates?.[0]?.content?.parts?.[0]?.text?.length, 15);
      t.equal(response.candidates?.[0]?.finishReason, 'STOP');
      t.match(response.usageMetadata, { candidatesTokenCount: 4, totalTokenCount: Number });
      // The SDK's v1beta1 message has no such field.
      const trafficType = version === 'v1' ? 'ON_DEMAND' : undefined;
      t.equal(response.usageMetadata?.trafficType, trafficType);
      t.match(response, { modelVersion: 'gemini-2.5-flash', responseId: /^[-\w]{22}$/ });
      t.ok(Number(response.createTime?.seconds) > 1.7e9);
    });

    t.test(`streamGenerateContent of ${version} gives every message in order`, async (t) => {
      const texts: string[] = [];
      const stream = client.streamGenerateContent(generateRequest('chunks=3 bytes=5'));
      for await (const { candidates } of stream) {
        texts.push(candidates[0].content.parts[0].text);
      }
      const [whole] = await client.generateContent(generateRequest('chunks=3 bytes=5'));
      t.same(
        texts.map(({ length }) => length),
        [5, 5, 5, 0],
      );
      t.equal(texts.join('').length, whole.candidates?.[0]?.content?.parts?.[0]?.text?.length);
    });

    t.test(`predict of ${version} embeds`, async (t) => {
      const [response] = await client.predict({
        endpoint: embeddingName,
        instances: [{ content: 'a' }, { content: 'b' }].map(toProtoValue),
        parameters: toProtoValue({ outputDimensionality: 3 }),
      });
      t.match(response.predictions?.map(fromProtoValue), [
        { embeddings: { values: [Number, Number, Number], statistics: { token_count: 1 } } },
        { embeddings: { values: [Number, Number, Number], statistics: { token_count: 1 } } },
      ]);
    });
  }

  t.test('countTokens counts', async (t) => {
    const [count] = await tokens.countTokens({
      endpoint: geminiName,
      contents: userContents('abcd'),
    });
    t.equal(count.totalTokens, 1);
  });

  for (const { fault, grpc } of streamCells) {
    t.test(`a stream under ${fault} ends as: ${grpc}`, async (t) => {
      t.equal(await sdkStream(clients.v1, `chunks=5 fault=${fault}`), grpc);
    });
  }

  for (const { fault, grpc } of unaryCells) {
    t.test(`a unary call under ${fault} ends as: ${grpc}`, async (t) => {
      t.equal(await sdkUnary(clients.v1, `chunks=5 fault=${fault}`), grpc);
    });
  }

  for (const place of ['error', 'exception;at=2']) {
    t.test(`the SDK decodes the details of ${place}`, async (t) => {
      const stream = clients.v1.streamGenerateContent(
        generateRequest(`chunks=5 fault=${place};name=quota`),
        { retryRequestOptions: { noResponseRetries: 0 } },
      );
      const { promise, resolve } = Promise.withResolvers<Details>();
      stream.on('error', resolve).resume();
      const error = await promise;
      t.match(error.message, /aiplatform\.googleapis\.com\/online_prediction_requests/);
      t.equal(error.statusDetails?.length, 3);
      t.match(error, { reason: 'RATE_LIMIT_EXCEEDED', domain: 'aiplatform.googleapis.com' });
    });
  }

  t.test('a request the service would refuse is INVALID_ARGUMENT with its text', async (t) => {
    const message = /at least one contents field is required/;
    await t.rejects(clients.v1.generateContent({ model: geminiName }), { code: 3, message });
  });

  t.test('a cancelled stream ends on the server at once', async (t) => {
    const stream = clients.v1.streamGenerateContent(generateRequest('chunks=1000000 gap=20ms'));
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.once('data', resolve));
    t.equal(mocks.journal.inFlight().length, 1);
    stream.cancel();
    const deadline = performance.now() + 2000;
    while (mocks.journal.inFlight().length > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    t.same(mocks.journal.inFlight(), []);
    t.equal(mocks.journal.since(0).at(-1)?.ending, 'gone');
  });

  t.test(
    'the SDK sends a stream again when its answer is an error, even one that cannot pass',
    async (t) => {
      const before = mocks.journal.lastSequence;
      const stream = clients.v1.streamGenerateContent(
        generateRequest('fault=error;name=validation'),
        // Two by default, seven seconds in all; one shows the same.
        { retryRequestOptions: { noResponseRetries: 1 } },
      );
      await new Promise((resolve) => stream.on('error', resolve).resume());
      t.equal(mocks.journal.lastSequence - before, 2);
    },
  );
});

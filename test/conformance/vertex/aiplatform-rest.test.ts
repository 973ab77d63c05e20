// @google-cloud/aiplatform over its REST fallback: JSON arrays with numeric enums, every fault as
// the table says.

import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { fromProtoValue, toProtoValue } from '../../../mocks/vertex/proto-value.ts';
import { embeddingName } from '../../fixtures/vertex-api.ts';
import {
  generateRequest,
  predictionClients,
  restOptions,
  sdkStream,
  sdkUnary,
} from '../../fixtures/vertex-clients.ts';
import { streamCells, unaryCells } from './fault-cells.ts';
import { parent } from './vertex-call.ts';

test('aiplatform over REST', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  const clients = predictionClients(restOptions(mocks));
  t.teardown(async () => {
    await Promise.all([clients.v1.close(), clients.v1beta1.close()]);
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
    });

    t.test(`streamGenerateContent of ${version} gives every message in order`, async (t) => {
      const lengths: number[] = [];
      const stream = client.streamGenerateContent(generateRequest('chunks=3 bytes=5'));
      for await (const { candidates } of stream) {
        lengths.push(candidates[0].content.parts[0].text.length);
      }
      t.same(lengths, [5, 5, 5, 0]);
    });

    t.test(`predict of ${version} embeds`, async (t) => {
      const [response] = await client.predict({
        endpoint: embeddingName,
        instances: [{ content: 'a' }].map(toProtoValue),
        parameters: toProtoValue({ outputDimensionality: 3 }),
      });
      t.match(response.predictions?.map(fromProtoValue), [
        { embeddings: { values: [Number, Number, Number], statistics: { token_count: 1 } } },
      ]);
    });
  }

  for (const { fault, rest } of streamCells) {
    t.test(`a stream under ${fault} ends as: ${rest}`, async (t) => {
      t.equal(await sdkStream(clients.v1, `chunks=5 fault=${fault}`), rest);
    });
  }

  for (const { fault, rest } of unaryCells) {
    t.test(`a unary call under ${fault} ends as: ${rest}`, async (t) => {
      t.equal(await sdkUnary(clients.v1, `chunks=5 fault=${fault}`), rest);
    });
  }

  t.test('the SDK decodes the details of an error out of the array around it', async (t) => {
    const stream = clients.v1.streamGenerateContent(generateRequest('fault=error;name=quota'));
    const error = await new Promise((resolve) => stream.on('error', resolve).resume());
    t.match(error, { code: 8, reason: 'RATE_LIMIT_EXCEEDED', statusDetails: { length: 3 } });
  });

  t.test('for await hides a cut connection that the error event tells of', async (t) => {
    const directive = generateRequest('chunks=5 fault=truncate;at=2;end=cut');
    let messages = 0;
    for await (const _ of clients.v1.streamGenerateContent(directive)) messages += 1;
    t.equal(messages, 2, 'ended as success');
  });

  t.test('raw bodies go as a field of a message, which no model takes', async (t) => {
    const endpoint = `${parent}/publishers/anthropic/models/claude-sonnet-4-5@20250929`;
    const messages = [{ role: 'user', content: 'hi' }];
    const body = { anthropic_version: 'vertex-2023-10-16', max_tokens: 100, messages };
    const data = Buffer.from(JSON.stringify(body));
    const request = { endpoint, httpBody: { contentType: 'application/json', data } };
    const refusal = { message: /anthropic_version: Field required/ };
    await t.rejects(clients.v1.rawPredict(request), refusal);
    const stream = clients.v1.streamRawPredict(request);
    t.match(await new Promise((resolve) => stream.on('error', resolve).resume()), refusal);
  });
});

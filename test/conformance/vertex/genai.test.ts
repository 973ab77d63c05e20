// @google/genai in its Vertex mode: REST and SSE, every fault as the table says.

import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { genai, genaiStream, genaiUnary } from '../../fixtures/vertex-clients.ts';
import { streamCells, unaryCells } from './fault-cells.ts';

const model = 'gemini-2.5-flash';

test('@google/genai', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  const clients = { v1: genai(mocks, 'v1'), v1beta1: genai(mocks) };
  t.teardown(() => mocks.close());

  for (const [version, { models }] of Object.entries(clients)) {
    t.test(`generateContent of ${version} gives text, reason and usage`, async (t) => {
      const contents = 'hi [[leakbed chunks=3 bytes=5]]';
      const response = await models.generateContent({ model, contents });
      t.equal(response.text?.length, 15);
      t.equal(response.candidates?.[0]?.finishReason, 'STOP');
      t.match(response.usageMetadata, { candidatesTokenCount: 4, trafficType: 'ON_DEMAND' });
    });

    t.test(`generateContentStream of ${version} gives every chunk in order`, async (t) => {
      const contents = 'hi [[leakbed chunks=3 bytes=5]]';
      const lengths: unknown[] = [];
      for await (const chunk of await models.generateContentStream({ model, contents })) {
        lengths.push(chunk.text?.length);
      }
      t.same(lengths, [5, 5, 5, 0]);
    });

    t.test(`embedContent of ${version} embeds through predict`, async (t) => {
      const { embeddings } = await models.embedContent({
        model: 'text-embedding-005',
        contents: ['a', 'b'],
        config: { outputDimensionality: 3 },
      });
      t.match(embeddings, [{ values: { length: 3 }, statistics: { tokenCount: 1 } }, {}]);
    });

    t.test(`countTokens of ${version} counts`, async (t) => {
      const { totalTokens } = await models.countTokens({ model, contents: 'abcd' });
      t.equal(totalTokens, 1);
    });
  }

  for (const { fault, genai: wanted } of streamCells) {
    t.test(`a stream under ${fault} ends as: ${wanted}`, async (t) => {
      t.equal(await genaiStream(clients.v1, `chunks=5 fault=${fault}`), wanted);
    });
  }

  for (const { fault, genai: wanted } of unaryCells) {
    t.test(`a unary call under ${fault} ends as: ${wanted}`, async (t) => {
      t.equal(await genaiUnary(clients.v1, `chunks=5 fault=${fault}`), wanted);
    });
  }

  t.test('the SDK shows the whole error envelope in its message', async (t) => {
    const contents = 'hi [[leakbed fault=error;name=quota]]';
    const failed = clients.v1.models.generateContent({ model, contents });
    const error = (await failed.catch((reason: unknown) => reason)) as Error;
    const { details } = JSON.parse(error.message).error;
    t.match(details, [{ reason: 'RATE_LIMIT_EXCEEDED' }, {}, { retryDelay: '45.837906927s' }]);
  });
});

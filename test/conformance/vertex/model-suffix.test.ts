// Words behind a model's id through real clients of Vertex AI: none of them refuses or mangles such
// an id, and the answer names the model without it. (Bedrock's client: test/mocks/ways-in.test.ts.)

import { test } from 'tap';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import { geminiName, userContents } from '../../fixtures/vertex-api.ts';
import {
  genai,
  grpcOptions,
  type PredictionClient,
  predictionClients,
  restOptions,
} from '../../fixtures/vertex-clients.ts';

const suffix = '~chunks=9~truncate;at=50%';
const mocks = await startMocks({ port: 0, seed: 1 });

async function geminiModels(client: PredictionClient): Promise<string[]> {
  const request = { model: `${geminiName}${suffix}`, contents: userContents('Hi.') };
  const models: string[] = [];
  for await (const { modelVersion } of client.streamGenerateContent(request)) {
    models.push(String(modelVersion));
  }
  return models;
}

const clients: Readonly<Record<string, (mocks: Mocks) => Promise<string[]>>> = {
  'aiplatform over gRPC': async (at) => geminiModels(predictionClients(grpcOptions(at)).v1),
  'aiplatform over REST': async (at) => geminiModels(predictionClients(restOptions(at)).v1),
  async genai(at) {
    const request = { model: `gemini-2.5-flash${suffix}`, contents: 'Hi.' };
    const models: string[] = [];
    for await (const { modelVersion } of await genai(at).models.generateContentStream(request)) {
      models.push(String(modelVersion));
    }
    return models;
  },
};

for (const [name, models] of Object.entries(clients)) {
  test(`${name}: half of nine pieces and their end come, of the model itself`, async (t) => {
    t.same(
      await models(mocks),
      Array.from({ length: 5 }, () => 'gemini-2.5-flash'),
    );
    const entry = mocks.journal.since(0).at(-1);
    t.same([entry?.model, entry?.faults, entry?.events], ['gemini-2.5-flash', ['truncate'], 5]);
  });
}

test('close', () => mocks.close());

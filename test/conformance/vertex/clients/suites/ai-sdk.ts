// The AI SDK with @ai-sdk/google-vertex: Gemini, Claude and open models by a provider each, and
// embeddings.

import assert from 'node:assert/strict';
import type * as Ai from 'ai';
import { ai, quiet, texts } from '../../../clients/suites/ai-sdk-texts.ts';
import {
  brokenPrompt,
  createCells,
  load,
  refusal,
  setup,
  throttledPrompt,
  versionOf,
} from '../../../clients/suites/cells.ts';
import { accountOf, doors, location, models, project, scope, type VertexDoor } from './vertex.ts';

interface Provider {
  (model: string): Ai.LanguageModel;
  textEmbeddingModel(model: string): Ai.EmbeddingModel;
}
type CreateProvider = (options: object) => Provider;

const name = '@ai-sdk/google-vertex';
const { createVertex } = load<{ createVertex: CreateProvider }>(name);
const anthropic = load<{ createVertexAnthropic: CreateProvider }>(`${name}/anthropic`);
const maas = load<{ createVertexMaas: CreateProvider }>(`${name}/maas`);

for (const door of doors) {
  const cells = createCells(setup.client, versionOf(name), door);
  const gemini = createVertex(options(door, `v1beta1/${scope}/publishers/google`));
  const claude = anthropic.createVertexAnthropic(
    options(door, `v1/${scope}/publishers/anthropic/models`),
  )(models.claude);
  const llama = maas.createVertexMaas(options(door, `v1/${scope}/endpoints/openapi`))(models.llama);
  const model = gemini(models.gemini);
  await texts(cells, model, 'GenerateContent', 'StreamGenerateContent');
  await texts(cells, claude, 'RawPredict, Claude', 'StreamRawPredict, Claude');
  await texts(cells, llama, 'ChatCompletions', 'ChatCompletions, stream');
  await cells.cell('Predict, embeddings', ['Predict'], async () => {
    const vectors = gemini.textEmbeddingModel(models.embedding);
    const { embeddings, usage } = await ai.embedMany({
      model: vectors,
      values: ['abcd', 'efgh'],
      ...quiet,
    });
    assert.deepEqual([embeddings.map(({ length }) => length), usage.tokens], [[768, 768], 2]);
  });
  await cells.cell('throttled', ['GenerateContent'], async () => {
    const asked = () => ai.generateText({ model, prompt: throttledPrompt, ...quiet });
    const error = await refusal(asked);
    assert.ok(ai.APICallError.isInstance(error), error.name);
    assert.equal(error.statusCode, 429);
  });
  await cells.cell('exception', ['StreamGenerateContent', 'StreamRawPredict'], async () => {
    // The bare error of a Gemini stream is no event, so nothing but the reason tells of it.
    assert.deepEqual(await endOf(model), { errors: 0, finish: 'interrupted' });
    assert.deepEqual(await endOf(claude), { errors: 1, finish: 'error' });
  });
}

function options(door: VertexDoor, path: string): object {
  const googleAuthOptions = { authClient: accountOf(name, door) };
  return { project, location, baseURL: `${door.url}/${path}`, googleAuthOptions };
}

async function endOf(model: Ai.LanguageModel): Promise<object> {
  const asked = { model, prompt: brokenPrompt, ...quiet, onError: () => undefined };
  let errors = 0;
  let finish: unknown;
  for await (const part of ai.streamText(asked).stream) {
    if (part.type === 'error') errors += 1;
    if (part.type === 'finish') finish = part.finishReason;
  }
  return { errors, finish };
}

// The AI SDK with @ai-sdk/amazon-bedrock: Converse, its stream and embeddings by one provider, the
// models' own bodies by the other.

import assert from 'node:assert/strict';
import type * as Ai from 'ai';
import { ai, quiet, texts } from '../../../clients/suites/ai-sdk-texts.ts';
import {
  brokenPrompt,
  type Cells,
  checkText,
  createCells,
  load,
  prompt,
  refusal,
  setup,
  throttledPrompt,
  versionOf,
} from '../../../clients/suites/cells.ts';
import { type BedrockDoor, doors, models } from './bedrock.ts';

interface Provider {
  (model: string): Ai.LanguageModel;
  embedding(model: string): Ai.EmbeddingModel;
}
type CreateProvider = (options: object) => Provider;

const name = '@ai-sdk/amazon-bedrock';
const { createAmazonBedrock } = load<{ createAmazonBedrock: CreateProvider }>(name);
const { createBedrockAnthropic } = load<{ createBedrockAnthropic: CreateProvider }>(
  `${name}/anthropic`,
);

const absent = ['InvokeModelWithBidirectionalStream', 'CountTokens', 'ApplyGuardrail'];

function options({ url, accessKeyId, secretAccessKey }: BedrockDoor): object {
  return { baseURL: url, region: 'us-east-1', accessKeyId, secretAccessKey };
}

async function endings(
  cells: Cells,
  converse: Provider,
  invoke: Provider,
  door: BedrockDoor,
): Promise<void> {
  const ask = (provider: Provider, text: string, id: string = models.claude) =>
    ai.generateText({ model: provider(id), prompt: text, ...quiet });
  await cells.cell('ARN', ['Converse'], async () => {
    checkText((await ask(converse, prompt, models.arn)).text);
  });
  await cells.cell('throttled', ['Converse'], async () => {
    const error = await refusal(() => ask(converse, throttledPrompt));
    assert.ok(ai.APICallError.isInstance(error), error.name);
    assert.equal(error.statusCode, 429);
  });
  await cells.cell('exception', ['ConverseStream'], async () => {
    assert.match(await brokenBy(converse), /throttlingException|Too many requests/);
  });
  await cells.cell('exception, invoke', ['InvokeModelWithResponseStream'], async () => {
    assert.match(await brokenBy(invoke), /throttlingException|Too many requests/);
  });
  await cells.cell('wrong key', ['Converse'], async () => {
    const stranger = createAmazonBedrock(options({ ...door, secretAccessKey: 'wrong' }));
    if (!door.verifies) checkText((await ask(stranger, prompt)).text);
    else assert.match((await refusal(() => ask(stranger, prompt))).message, /signature/);
  });
}

/** What the SDK says of a stream that ends in an exception. */
async function brokenBy(provider: Provider): Promise<string> {
  const model = provider(models.claude);
  const answer = ai.streamText({ model, prompt: brokenPrompt, ...quiet, onError: () => undefined });
  const errors: unknown[] = [];
  for await (const part of answer.stream) if (part.type === 'error') errors.push(part.error);
  assert.equal(errors.length, 1);
  return `${String(errors[0])} ${JSON.stringify(errors[0])}`;
}

async function embeddings(provider: Provider): Promise<void> {
  const value = 'Hello';
  const titan = await ai.embed({ model: provider.embedding(models.titanEmbed), value, ...quiet });
  assert.equal(titan.embedding.length, 1024);
  const cohere = await ai.embed({ model: provider.embedding(models.cohereEmbed), value, ...quiet });
  assert.equal(cohere.embedding.length, 1024);
}

for (const door of doors) {
  const cells = createCells(setup.client, versionOf(name), door);
  const converse = createAmazonBedrock(options(door));
  await texts(cells, converse(models.claude), 'Converse', 'ConverseStream');
  const invoke = createBedrockAnthropic(options(door));
  await texts(cells, invoke(models.claude), 'InvokeModel', 'InvokeModelWithResponseStream');
  await endings(cells, converse, invoke, door);
  await cells.cell('embeddings', ['InvokeModel', 'InvokeModel'], () => embeddings(converse));
  for (const operation of absent) cells.absent(operation, 'the SDK has no such call');
}

// The AI SDK with @ai-sdk/amazon-bedrock: Converse, its stream and embeddings by one provider, the
// models' own bodies by the other.

import assert from 'node:assert/strict';
import type * as Ai from 'ai';
import {
  brokenPrompt,
  type Cells,
  checkText,
  checkToolInput,
  createCells,
  load,
  outputTokens,
  prompt,
  refusal,
  setup,
  throttledPrompt,
  toolPrompt,
  toolSchema,
  versionOf,
} from '../../../clients/suites/cells.ts';
import { type BedrockDoor, doors, models } from './bedrock.ts';

interface Provider {
  (model: string): Ai.LanguageModel;
  embedding(model: string): Ai.EmbeddingModel;
}
type CreateProvider = (options: object) => Provider;

const name = '@ai-sdk/amazon-bedrock';
const ai = load<typeof Ai>('ai');
const { createAmazonBedrock } = load<{ createAmazonBedrock: CreateProvider }>(name);
const { createBedrockAnthropic } = load<{ createBedrockAnthropic: CreateProvider }>(
  `${name}/anthropic`,
);

const absent = ['InvokeModelWithBidirectionalStream', 'CountTokens', 'ApplyGuardrail'];

function options({ url, accessKeyId, secretAccessKey }: BedrockDoor): object {
  return { baseURL: url, region: 'us-east-1', accessKeyId, secretAccessKey };
}

const inputSchema = ai.jsonSchema({ ...toolSchema, required: ['city'] });
const tools = () => ({ weather: ai.tool({ inputSchema }) }) as Ai.ToolSet;
const quiet = { maxRetries: 0 };

async function texts(
  cells: Cells,
  provider: Provider,
  whole: string,
  streamed: string,
): Promise<void> {
  const model = provider(models.claude);
  await cells.cell(whole, [whole], async () => {
    const answer = await ai.generateText({ model, prompt, ...quiet });
    checkText(answer.text);
    assert.deepEqual([answer.finishReason, answer.usage.outputTokens], ['stop', outputTokens]);
  });
  await cells.cell(`${whole}, tool`, [whole], async () => {
    const answer = await ai.generateText({ model, prompt: toolPrompt, tools: tools(), ...quiet });
    checkToolInput(answer.toolCalls[0]?.input);
    assert.equal(answer.finishReason, 'tool-calls');
  });
  await cells.cell(streamed, [streamed], async () => {
    const answer = ai.streamText({ model, prompt, ...quiet });
    const pieces: string[] = [];
    for await (const piece of answer.textStream) pieces.push(piece);
    checkText(pieces.join(''));
    assert.equal(pieces.length, 4);
    const { outputTokens: tokens } = await answer.usage;
    assert.deepEqual([await answer.finishReason, tokens], ['stop', outputTokens]);
  });
  await cells.cell(`${streamed}, tool`, [streamed], async () => {
    const answer = ai.streamText({ model, prompt: toolPrompt, tools: tools(), ...quiet });
    checkToolInput((await answer.toolCalls)[0]?.input);
    assert.equal(await answer.finishReason, 'tool-calls');
  });
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
  await texts(cells, converse, 'Converse', 'ConverseStream');
  const invoke = createBedrockAnthropic(options(door));
  await texts(cells, invoke, 'InvokeModel', 'InvokeModelWithResponseStream');
  await endings(cells, converse, invoke, door);
  await cells.cell('embeddings', ['InvokeModel', 'InvokeModel'], () => embeddings(converse));
  for (const operation of absent) cells.absent(operation, 'the SDK has no such call');
}

// @google/genai in its Vertex mode, one major in one process: Gemini over REST and SSE, embeddings,
// caches, videos, the model garden, and the Live API.

import assert from 'node:assert/strict';
import type * as Sdk from '@google/genai';
import {
  brokenPrompt,
  type Cells,
  checkText,
  createCells,
  load,
  outputTokens,
  prompt,
  refusal,
  setup,
  throttledPrompt,
  toolPrompt,
  versionOf,
} from '../../../clients/suites/cells.ts';
import { liveCells } from './genai-live.ts';
import { accountOf, doors, location, models, project, type VertexDoor } from './vertex.ts';

const name = `genai-${setup.version}`;
const { GoogleGenAI } = load<typeof Sdk>(name);
const model = models.gemini;
const config = { tools: [{ functionDeclarations: [{ name: 'weather' }] }] };

const cacheCalls = [
  'CreateCachedContent',
  'GetCachedContent',
  'GenerateContent',
  'UpdateCachedContent',
  'ListCachedContents',
  'DeleteCachedContent',
  'GetCachedContent',
];

for (const door of doors) {
  const cells = createCells(setup.client, versionOf(name), door);
  const client = clientAt(door);
  await texts(cells, client);
  await tokensAndVectors(cells, client);
  await resources(cells, client);
  await errors(cells, client);
  await liveCells(cells, client);
}

function clientAt(door: VertexDoor): Sdk.GoogleGenAI {
  return new GoogleGenAI({
    vertexai: true,
    project,
    location,
    googleAuthOptions: { authClient: accountOf(name, door) as never },
    httpOptions: { baseUrl: door.url },
  });
}

async function collect(client: Sdk.GoogleGenAI, contents: string, rest: object = {}) {
  const chunks: Sdk.GenerateContentResponse[] = [];
  const stream = await client.models.generateContentStream({ model, contents, ...rest });
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

async function texts(cells: Cells, client: Sdk.GoogleGenAI): Promise<void> {
  await cells.cell('GenerateContent', ['GenerateContent'], async () => {
    const answer = await client.models.generateContent({ model, contents: prompt });
    checkText(answer.text);
    assert.equal(answer.candidates?.[0]?.finishReason, 'STOP');
    assert.equal(answer.usageMetadata?.candidatesTokenCount, outputTokens);
  });
  await cells.cell('GenerateContent, tool', ['GenerateContent'], async () => {
    const answer = await client.models.generateContent({ model, contents: toolPrompt, config });
    assert.deepEqual(
      answer.functionCalls?.map((call) => call.name),
      ['weather'],
    );
  });
  await cells.cell('StreamGenerateContent', ['StreamGenerateContent'], async () => {
    const chunks = await collect(client, prompt);
    checkText(chunks.map(({ text }) => text).join(''));
    assert.equal(chunks.length, 5);
    assert.equal(chunks.at(-1)?.candidates?.[0]?.finishReason, 'STOP');
    assert.equal(chunks.at(-1)?.usageMetadata?.candidatesTokenCount, outputTokens);
  });
  await cells.cell('StreamGenerateContent, tool', ['StreamGenerateContent'], async () => {
    const chunks = await collect(client, toolPrompt, { config });
    const calls = chunks.flatMap(({ functionCalls = [] }) => functionCalls);
    assert.deepEqual(
      calls.map((call) => call.name),
      ['weather'],
    );
  });
  await cells.cell('blocked prompt', ['StreamGenerateContent'], async () => {
    const [only] = await collect(client, '[[leakbed stop=guardrail]]');
    assert.equal(only?.promptFeedback?.blockReason, 'MODEL_ARMOR');
  });
}

async function tokensAndVectors(cells: Cells, { models: api }: Sdk.GoogleGenAI): Promise<void> {
  const contents = 'abcdefgh';
  await cells.cell('CountTokens', ['CountTokens'], async () => {
    assert.equal((await api.countTokens({ model, contents })).totalTokens, 2);
  });
  await cells.cell('ComputeTokens', ['ComputeTokens'], async () => {
    const { tokensInfo } = await api.computeTokens({ model, contents });
    assert.equal(tokensInfo?.[0]?.tokenIds?.length, 2);
  });
  await cells.cell('Predict, embeddings', ['Predict'], async () => {
    const { embeddings } = await api.embedContent({
      model: models.embedding,
      contents: ['a', 'b'],
      config: { outputDimensionality: 3 },
    });
    assert.deepEqual(
      embeddings?.map(({ values, statistics }) => [values?.length, statistics?.tokenCount]),
      [
        [3, 1],
        [3, 1],
      ],
    );
  });
  await cells.cell('EmbedContent', ['EmbedContent'], async () => {
    const asked = { model: models.embedding2, contents, config: { outputDimensionality: 4 } };
    const { embeddings } = await api.embedContent(asked);
    assert.equal(embeddings?.[0]?.values?.length, 4);
  });
}

async function resources(cells: Cells, client: Sdk.GoogleGenAI): Promise<void> {
  const { caches, operations } = client;
  await cells.cell('cached contents', cacheCalls, async () => {
    const contents = 'x'.repeat(4000);
    const made = await caches.create({ model, config: { contents, ttl: '60s' } });
    const cached = made.name ?? '';
    assert.equal((await caches.get({ name: cached })).usageMetadata?.totalTokenCount, 1000);
    const asked = { model, contents: 'abcd', config: { cachedContent: cached } };
    const { usageMetadata } = await client.models.generateContent(asked);
    assert.equal(usageMetadata?.cachedContentTokenCount, 1000);
    await caches.update({ name: cached, config: { ttl: '7200s' } });
    const names: unknown[] = [];
    for await (const cache of await caches.list()) names.push(cache.name);
    assert.ok(names.includes(cached));
    await caches.delete({ name: cached });
    assert.match((await refusal(() => caches.get({ name: cached }))).message, /404/);
  });
  const polled = ['PredictLongRunning', 'FetchPredictOperation', 'FetchPredictOperation'];
  await cells.cell('PredictLongRunning', polled, async () => {
    const source = { prompt: '[[leakbed polls=2]]' };
    let operation = await client.models.generateVideos({ model: models.veo, source });
    for (let polls = 0; operation.done !== true && polls < 5; polls++) {
      operation = await operations.getVideosOperation({ operation });
    }
    assert.equal(operation.response?.generatedVideos?.[0]?.video?.mimeType, 'video/mp4');
  });
  await cells.cell('model garden', ['GetPublisherModel'], async () => {
    assert.equal((await client.models.get({ model })).name, `publishers/google/models/${model}`);
  });
}

async function errors(cells: Cells, client: Sdk.GoogleGenAI): Promise<void> {
  await cells.cell('throttled', ['GenerateContent'], async () => {
    const asked = { model, contents: throttledPrompt };
    const error = await refusal(() => client.models.generateContent(asked));
    assert.equal((error as Sdk.ApiError).status, 429);
  });
  await cells.cell('exception', ['StreamGenerateContent'], async () => {
    // Its status is lost where it shares a network read with an event.
    const error = await refusal(() => collect(client, brokenPrompt));
    assert.match(error.message, /Incomplete JSON segment|RESOURCE_EXHAUSTED/);
  });
}

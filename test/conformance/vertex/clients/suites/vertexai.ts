// @google-cloud/vertexai, Google's older client. It speaks https alone, whatever its address says.

import assert from 'node:assert/strict';
import type * as Sdk from '@google-cloud/vertexai';
import {
  brokenPrompt,
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
import { accountOf, doors, location, models, project } from './vertex.ts';

const name = '@google-cloud/vertexai';
const { VertexAI } = load<typeof Sdk>(name);
const whole = ['GenerateContent'];
const streamed = ['StreamGenerateContent'];

for (const door of doors.filter(({ url }) => url.startsWith('https'))) {
  const cells = createCells(setup.client, versionOf(name), door);
  const model = new VertexAI({
    project,
    location,
    apiEndpoint: new URL(door.url).host,
    googleAuthOptions: { authClient: accountOf(name, door) as never },
  }).getGenerativeModel({
    model: models.gemini,
    tools: [{ functionDeclarations: [{ name: 'weather' }] }],
  });
  const collect = async (text: string) => {
    const { stream, response } = await model.generateContentStream(text);
    // It rejects beside the stream, for nobody to hear when the stream is read first.
    response.catch(() => undefined);
    const chunks: Sdk.GenerateContentResponse[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return { chunks, response: await response };
  };
  await cells.cell('GenerateContent', whole, async () => {
    const { response } = await model.generateContent(prompt);
    checkText(textOf(response));
    assert.equal(response.usageMetadata?.candidatesTokenCount, outputTokens);
  });
  await cells.cell('GenerateContent, tool', whole, async () => {
    assert.deepEqual(callsOf((await model.generateContent(toolPrompt)).response), ['weather']);
  });
  await cells.cell('StreamGenerateContent', streamed, async () => {
    const { chunks, response } = await collect(prompt);
    checkText(chunks.map(textOf).join(''));
    assert.equal(chunks.length, 5);
    assert.equal(response.candidates?.[0]?.finishReason, 'STOP');
  });
  await cells.cell('StreamGenerateContent, tool', streamed, async () => {
    assert.deepEqual(callsOf((await collect(toolPrompt)).response), ['weather']);
  });
  await cells.cell('blocked prompt', streamed, async () => {
    const { response } = await collect('[[leakbed stop=guardrail]]');
    assert.equal(response.promptFeedback?.blockReason, 'MODEL_ARMOR');
  });
  await cells.cell('CountTokens', ['CountTokens'], async () => {
    const contents = [{ role: 'user', parts: [{ text: 'abcdefgh' }] }];
    assert.equal((await model.countTokens({ contents })).totalTokens, 2);
  });
  await cells.cell('throttled', whole, async () => {
    const error = await refusal(() => model.generateContent(throttledPrompt));
    assert.ok(error.message.includes('429'), error.message);
  });
  await cells.cell('exception', streamed, async () => {
    // It reads events alone; what is none ends the stream without the error's text.
    const error = await refusal(() => collect(brokenPrompt));
    assert.match(error.message, /Error parsing JSON|parse final chunk|RESOURCE_EXHAUSTED/i);
  });
}

function partsOf({ candidates }: Sdk.GenerateContentResponse): readonly Sdk.Part[] {
  return candidates?.[0]?.content.parts ?? [];
}

function textOf(response: Sdk.GenerateContentResponse): string {
  return partsOf(response)
    .map(({ text = '' }) => text)
    .join('');
}

function callsOf(response: Sdk.GenerateContentResponse): readonly string[] {
  return partsOf(response).flatMap(({ functionCall }) => functionCall?.name ?? []);
}

// Anthropic's SDK for Vertex AI: Messages by rawPredict, their stream by streamRawPredict.

import assert from 'node:assert/strict';
import type Anthropic from '@anthropic-ai/sdk';
import type * as Sdk from '@anthropic-ai/vertex-sdk';
import {
  brokenPrompt,
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
import { accountOf, doors, location, models, project } from './vertex.ts';

const name = '@anthropic-ai/vertex-sdk';
const { AnthropicVertex } = load<typeof Sdk>(name);
const tools: Anthropic.Tool[] = [
  { name: 'weather', input_schema: { ...toolSchema, required: ['city'] } },
];

const asked = (content: string, rest: Partial<Anthropic.MessageCreateParams> = {}) => ({
  model: models.claude,
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content }],
  ...rest,
  stream: false as const,
});

for (const door of doors) {
  const cells = createCells(setup.client, versionOf(name), door);
  const { messages } = new AnthropicVertex({
    projectId: project,
    region: location,
    baseURL: `${door.url}/v1`,
    maxRetries: 0,
    authClient: accountOf(name, door) as never,
  });
  await cells.cell('RawPredict, Claude', ['RawPredict'], async () => {
    const answer = await messages.create(asked(prompt));
    checkText(textOf(answer));
    assert.deepEqual([answer.stop_reason, answer.usage.output_tokens], ['end_turn', outputTokens]);
  });
  await cells.cell('RawPredict, Claude, tool', ['RawPredict'], async () => {
    checkTool(await messages.create(asked(toolPrompt, { tools })));
  });
  await cells.cell('StreamRawPredict, Claude', ['StreamRawPredict'], async () => {
    const types: string[] = [];
    const stream = messages.stream(asked(prompt)).on('streamEvent', ({ type }) => types.push(type));
    checkText(textOf(await stream.finalMessage()));
    // message_start, block start, 4 deltas, block stop, message_delta, message_stop.
    assert.equal(types.length, 9);
  });
  await cells.cell('StreamRawPredict, Claude, tool', ['StreamRawPredict'], async () => {
    checkTool(await messages.stream(asked(toolPrompt, { tools })).finalMessage());
  });
  await cells.cell('CountTokens, Claude', ['RawPredict'], async () => {
    const { model, messages: said } = asked('abcdefgh');
    assert.equal((await messages.countTokens({ model, messages: said })).input_tokens, 2);
  });
  await cells.cell('throttled', ['RawPredict'], async () => {
    const error = await refusal(() => messages.create(asked(throttledPrompt)));
    assert.equal((error as Error & { status: number }).status, 429);
  });
  await cells.cell('exception', ['StreamRawPredict'], async () => {
    const error = await refusal(() => messages.stream(asked(brokenPrompt)).finalMessage());
    assert.match(error.message, /rate_limit_error/);
  });
}

function textOf({ content }: Anthropic.Message): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}

function checkTool({ content, stop_reason }: Anthropic.Message): void {
  const use = content.find((block) => block.type === 'tool_use');
  assert.equal(use?.name, 'weather');
  checkToolInput(use?.input);
  assert.equal(stop_reason, 'tool_use');
}

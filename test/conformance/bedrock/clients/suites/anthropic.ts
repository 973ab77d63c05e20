// Anthropic's SDK for Bedrock: InvokeModel and its stream, and what it makes of errors.

import assert from 'node:assert/strict';
import type * as Sdk from '@anthropic-ai/bedrock-sdk';
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

const name = '@anthropic-ai/bedrock-sdk';
const { AnthropicBedrock } = load<typeof Sdk>(name);

const absent = ['InvokeModelWithBidirectionalStream', 'CountTokens', 'ApplyGuardrail'];

function clientAt({ url, accessKeyId, secretAccessKey }: BedrockDoor, secret = secretAccessKey) {
  return new AnthropicBedrock({
    baseURL: url,
    awsRegion: 'us-east-1',
    awsAccessKey: accessKeyId,
    awsSecretKey: secret,
    maxRetries: 0,
  });
}

const asked = (content: string, model: string = models.claude) => ({
  model,
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content }],
});
const tools = [{ name: 'weather', input_schema: { ...toolSchema, required: ['city'] } }];

async function messages(cells: Cells, door: BedrockDoor): Promise<void> {
  const { messages } = clientAt(door);
  await cells.cell('InvokeModel', ['InvokeModel'], async () => {
    const { content, stop_reason, usage } = await messages.create(asked(prompt));
    checkText(content[0]?.type === 'text' ? content[0].text : content);
    assert.deepEqual([stop_reason, usage.output_tokens], ['end_turn', outputTokens]);
  });
  await cells.cell('InvokeModel, tool', ['InvokeModel'], async () => {
    const { content, stop_reason } = await messages.create({ ...asked(toolPrompt), tools });
    const use = content.at(-1);
    checkToolInput(use?.type === 'tool_use' && use.input);
    assert.equal(stop_reason, 'tool_use');
  });
  const streaming = ['InvokeModelWithResponseStream'];
  await cells.cell('InvokeModelWithResponseStream', streaming, async () => {
    let count = 0;
    const stream = messages.stream(asked(prompt)).on('streamEvent', () => {
      count += 1;
    });
    const { content, stop_reason, usage } = await stream.finalMessage();
    checkText(content[0]?.type === 'text' ? content[0].text : content);
    assert.deepEqual([stop_reason, usage.output_tokens], ['end_turn', outputTokens]);
    assert.equal(count, 9);
  });
  await cells.cell('InvokeModelWithResponseStream, tool', streaming, async () => {
    const stream = messages.stream({ ...asked(toolPrompt), tools });
    const { content, stop_reason } = await stream.finalMessage();
    const use = content.at(-1);
    checkToolInput(use?.type === 'tool_use' && use.input);
    assert.equal(stop_reason, 'tool_use');
  });
  await cells.cell('ARN', ['InvokeModel'], async () => {
    const { content } = await messages.create(asked(prompt, models.arn));
    checkText(content[0]?.type === 'text' ? content[0].text : content);
  });
}

async function endings(cells: Cells, door: BedrockDoor): Promise<void> {
  const { messages } = clientAt(door);
  await cells.cell('throttled', ['InvokeModel'], async () => {
    const error = await refusal(() => messages.create(asked(throttledPrompt)));
    assert.equal(error.constructor.name, 'RateLimitError');
    assert.equal((error as Error & { status?: number }).status, 429);
  });
  await cells.cell('exception, invoke', ['InvokeModelWithResponseStream'], async () => {
    let count = 0;
    const error = await refusal(async () => {
      const events = await messages.create({ ...asked(brokenPrompt), stream: true });
      for await (const _ of events) count += 1;
    });
    assert.match(error.message, /throttlingException/);
    assert.equal(count, 3);
  });
  await cells.cell('wrong key', ['InvokeModel'], async () => {
    const ask = () => clientAt(door, 'wrong').messages.create(asked(prompt));
    if (!door.verifies) await ask();
    else assert.match((await refusal(ask)).message, /signature/);
  });
}

for (const door of doors) {
  const cells = createCells(setup.client, versionOf(name), door);
  await messages(cells, door);
  await endings(cells, door);
  for (const operation of absent) cells.absent(operation, 'the SDK speaks Messages alone');
}

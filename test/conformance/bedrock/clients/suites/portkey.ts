// Portkey's open gateway as a client of Bedrock: a process of its own with an API like OpenAI's,
// which signs without the AWS SDK and takes event streams apart by its own code.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sleep, within } from '../../../../../injectors/determinism.ts';
import { freePort } from '../../../../fixtures/free-port.ts';
import {
  brokenPrompt,
  type Cells,
  checkText,
  checkToolInput,
  createCells,
  outputTokens,
  prompt,
  setup,
  throttledPrompt,
  toolPrompt,
  toolSchema,
  versionOf,
} from '../../../clients/suites/cells.ts';
import { type BedrockDoor, doors, models } from './bedrock.ts';

const name = '@portkey-ai/gateway';
const absent = ['InvokeModelWithBidirectionalStream', 'ApplyGuardrail'];
const program = join(setup.folder, 'node_modules', name, 'build', 'start-server.js');
const port = await freePort();
const gateway = spawn(process.execPath, [program, `--port=${port}`, '--headless'], {
  stdio: 'ignore',
});
const url = `http://127.0.0.1:${port}/v1`;

async function listening(): Promise<void> {
  for (;;) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await sleep(50);
  }
}

type Ask = (path: string, body: object) => Promise<{ status: number; text: string }>;

function askAt(door: BedrockDoor, secret = door.secretAccessKey): Ask {
  const headers = {
    'content-type': 'application/json',
    'x-portkey-provider': 'bedrock',
    'x-portkey-custom-host': door.url,
    'x-portkey-aws-region': 'us-east-1',
    'x-portkey-aws-access-key-id': door.accessKeyId,
    'x-portkey-aws-secret-access-key': secret,
  };
  return async (path, body) => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const answer = await fetch(`${url}/${path}`, init);
    return { status: answer.status, text: await answer.text() };
  };
}

const chat = (content: string, rest: object = {}) => ({
  model: models.claude,
  messages: [{ role: 'user', content }],
  ...rest,
});
const tools = [{ type: 'function', function: { name: 'weather', parameters: toolSchema } }];

interface Choice {
  readonly delta: {
    readonly content?: string;
    readonly finish_reason?: string;
    readonly tool_calls?: readonly { readonly function?: { readonly arguments?: string } }[];
  };
  readonly finish_reason?: string | null;
}

/** Data of a stream of server-sent events, without the word that ends it. */
function choicesOf(text: string): readonly Choice[] {
  const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
  return lines.map((line) => JSON.parse(line.slice('data: '.length)).choices[0]);
}

async function texts(cells: Cells, ask: Ask): Promise<void> {
  await cells.cell('Converse', ['Converse'], async () => {
    const { choices, usage } = JSON.parse((await ask('chat/completions', chat(prompt))).text);
    checkText(choices[0].message.content);
    assert.deepEqual([choices[0].finish_reason, usage.completion_tokens], ['stop', outputTokens]);
  });
  await cells.cell('Converse, tool', ['Converse'], async () => {
    const { text } = await ask('chat/completions', chat(toolPrompt, { tools }));
    const [choice] = JSON.parse(text).choices;
    checkToolInput(JSON.parse(choice.message.tool_calls[0].function.arguments));
    assert.equal(choice.finish_reason, 'tool_calls');
  });
  await cells.cell('ConverseStream', ['ConverseStream'], async () => {
    const { text } = await ask('chat/completions', chat(prompt, { stream: true }));
    const choices = choicesOf(text);
    checkText(choices.map(({ delta }) => delta.content ?? '').join(''));
    assert.equal(choices.at(-1)?.finish_reason, 'stop');
    assert.match(text, /data: \[DONE\]/);
  });
  await cells.cell('ConverseStream, tool', ['ConverseStream'], async () => {
    const { text } = await ask('chat/completions', chat(toolPrompt, { tools, stream: true }));
    const calls = choicesOf(text).flatMap(({ delta }) => delta.tool_calls ?? []);
    checkToolInput(JSON.parse(calls.map((call) => call.function?.arguments ?? '').join('')));
  });
  await cells.cell('ARN', ['Converse'], async () => {
    const { text } = await ask('chat/completions', { ...chat(prompt), model: models.arn });
    checkText(JSON.parse(text).choices[0].message.content);
  });
  await cells.cell('embeddings', ['InvokeModel', 'InvokeModel'], async () => {
    const embed = async (body: object) => {
      const { data } = JSON.parse((await ask('embeddings', body)).text);
      assert.equal(data[0].embedding.length, 1024);
    };
    await embed({ model: models.titanEmbed, input: 'Hello' });
    await embed({ model: models.cohereEmbed, input: ['Hello'], input_type: 'search_query' });
  });
}

async function endings(cells: Cells, ask: Ask, door: BedrockDoor): Promise<void> {
  await cells.cell('throttled', ['Converse'], async () => {
    const { status, text } = await ask('chat/completions', chat(throttledPrompt));
    assert.equal(status, 429);
    assert.match(text, /Too many requests/);
  });
  await cells.cell('exception', ['ConverseStream'], async () => {
    const { text } = await ask('chat/completions', chat(brokenPrompt, { stream: true }));
    // It reads no headers of messages, so it calls the exception a proper end.
    assert.equal(choicesOf(text).at(-1)?.delta.finish_reason, 'stop');
    assert.match(text, /data: \[DONE\]/);
    assert.doesNotMatch(text, /Too many requests/);
  });
  await cells.cell('wrong key', ['Converse'], async () => {
    const { status, text } = await askAt(door, 'wrong')('chat/completions', chat(prompt));
    assert.equal(status, door.verifies ? 403 : 200);
    if (door.verifies) assert.match(text, /signature/);
  });
}

try {
  await within(15_000, 'The gateway does not listen.', listening());
  for (const door of doors) {
    const cells = createCells(setup.client, versionOf(name), door);
    const ask = askAt(door);
    await texts(cells, ask);
    await endings(cells, ask, door);
    for (const operation of absent) cells.absent(operation, 'the gateway has no such route');
  }
} finally {
  gateway.kill();
  await once(gateway, 'exit');
}

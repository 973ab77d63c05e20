// Prompt caching through real clients: the first request writes, the second reads, and every place
// that counts tokens counts the same.

import {
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { test } from 'tap';
import { newClaude as claude } from '../../fixtures/bedrock-answer.ts';
import { anthropicClient, mocksFor, sdkClient } from '../../fixtures/bedrock-clients.ts';
import { overBothTransports } from '../../fixtures/bedrock-transports.ts';

/** 2,000 tokens. */
const long = 'word '.repeat(1600);
const messages = [{ role: 'user' as const, content: [{ text: '[[leakbed chunks=3]] Hi' }] }];
const point = { cachePoint: { type: 'default' as const } };
const system = [{ text: long }, point];

overBothTransports('Converse and ConverseStream share what they cache', async (t, client) => {
  const first = await client.send(new ConverseCommand({ modelId: claude, messages, system }));
  const { inputTokens = 0, outputTokens = 0 } = first.usage ?? {};
  t.match(first.usage, {
    cacheWriteInputTokens: 2000,
    cacheReadInputTokens: 0,
    cacheDetails: [{ ttl: '5m', inputTokens: 2000 }],
    totalTokens: inputTokens + outputTokens + 2000,
  });
  const { stream } = await client.send(
    new ConverseStreamCommand({ modelId: claude, messages, system }),
  );
  for await (const { metadata } of stream ?? []) {
    if (metadata === undefined) continue;
    t.match(metadata.usage, { inputTokens, cacheReadInputTokens: 2000, cacheWriteInputTokens: 0 });
    t.equal(metadata.usage?.totalTokens, inputTokens + outputTokens + 2000);
  }
  const plain = { modelId: claude, messages, system: [{ text: long }] };
  const { usage } = await client.send(new ConverseCommand(plain));
  t.match(usage, { inputTokens: inputTokens + 2000, cacheReadInputTokens: 0 });
  const input = { converse: { messages, system } };
  const counted = await client.send(new CountTokensCommand({ modelId: claude, input }));
  t.equal(counted.inputTokens, inputTokens + 2000, 'CountTokens counts all of them');
});

const body = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 1000,
  system: [{ type: 'text', text: long, cache_control: { type: 'ephemeral', ttl: '1h' } }],
  messages: [{ role: 'user', content: '[[leakbed chunks=3]] Hi' }],
});

overBothTransports('Messages bodies: body, headers and metrics agree', async (t, client) => {
  const first = await invoke(client);
  t.match(first.usage, {
    cache_creation_input_tokens: 2000,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_1h_input_tokens: 2000, ephemeral_5m_input_tokens: 0 },
  });
  t.match(first.headers, { read: '0', write: '2000', input: String(first.usage.input_tokens) });
  const second = await invoke(client);
  t.match(second.usage, { cache_creation_input_tokens: 0, cache_read_input_tokens: 2000 });
  t.match(second.headers, { read: '2000', write: '0', input: String(first.usage.input_tokens) });
  const events = await streamed(client);
  t.match(events[0]?.message.usage, {
    input_tokens: first.usage.input_tokens,
    cache_read_input_tokens: 2000,
  });
  t.match(events.at(-1)?.['amazon-bedrock-invocationMetrics'], {
    inputTokenCount: first.usage.input_tokens,
    cacheReadInputTokenCount: 2000,
    cacheWriteInputTokenCount: 0,
  });
});

test('the Anthropic SDK sees what it wrote and read', async (t) => {
  const client = anthropicClient(await mocksFor(t), 0);
  const control = { type: 'ephemeral' as const };
  const ask = () =>
    client.messages.create({
      model: claude,
      max_tokens: 100,
      system: [{ type: 'text', text: long, cache_control: control }],
      messages: [{ role: 'user', content: 'Hi' }],
    });
  t.match((await ask()).usage, { cache_creation_input_tokens: 2000, cache_read_input_tokens: 0 });
  t.match((await ask()).usage, { cache_creation_input_tokens: 0, cache_read_input_tokens: 2000 });
});

test('Nova caches in its own body and in Converse alike', async (t) => {
  const client = sdkClient(t, await mocksFor(t));
  const modelId = 'amazon.nova-lite-v1:0';
  const first = await client.send(new ConverseCommand({ modelId, messages, system }));
  t.equal(first.usage?.cacheWriteInputTokens, 2000);
  const native = JSON.stringify({ messages, system });
  const answer = await client.send(new InvokeModelCommand({ modelId, body: native }));
  const { usage } = JSON.parse(answer.body.transformToString());
  t.match(usage, { cacheReadInputTokenCount: 2000, cacheWriteInputTokenCount: 0 });
  t.equal(usage.totalTokens, usage.inputTokens + usage.outputTokens + 2000);
});

test('a request that fails writes nothing', async (t) => {
  const client = sdkClient(t, await mocksFor(t), { maxAttempts: 1 });
  const failing = [{ role: 'user' as const, content: [{ text: '[[leakbed fault=error]]' }] }];
  const asked = client.send(new ConverseCommand({ modelId: claude, messages: failing, system }));
  await t.rejects(asked, { name: 'ThrottlingException' });
  const { usage } = await client.send(new ConverseCommand({ modelId: claude, messages, system }));
  t.match(usage, { cacheWriteInputTokens: 2000, cacheReadInputTokens: 0 });
});

test('models that cache nothing refuse a cache point, and so are too many of them', async (t) => {
  const client = sdkClient(t, await mocksFor(t));
  for (const modelId of [
    'anthropic.claude-3-haiku-20240307-v1:0',
    'meta.llama3-8b-instruct-v1:0',
  ]) {
    const asked = client.send(new ConverseCommand({ modelId, messages, system }));
    const message =
      /^You invoked an unsupported model or your request did not allow prompt caching/;
    await t.rejects(asked, { name: 'AccessDeniedException', message });
  }
  const many = Array.from({ length: 5 }, () => system).flat();
  const asked = client.send(new ConverseCommand({ modelId: claude, messages, system: many }));
  await t.rejects(asked, { name: 'ValidationException', message: /maximum of 4 blocks.*Found 5/ });
});

async function invoke(client: BedrockRuntimeClient) {
  const headers: Record<string, string | undefined> = {};
  const command = new InvokeModelCommand({ modelId: claude, body });
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const given = (result.response as { headers: Record<string, string> }).headers;
      for (const [name, part] of [
        ['read', 'cache-read-input'],
        ['write', 'cache-write-input'],
        ['input', 'input'],
      ] as const) {
        headers[name] = given[`x-amzn-bedrock-${part}-token-count`];
      }
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  const answer = await client.send(command);
  return { headers, usage: JSON.parse(answer.body.transformToString()).usage };
}

async function streamed(client: BedrockRuntimeClient) {
  const command = new InvokeModelWithResponseStreamCommand({ modelId: claude, body });
  const answer = await client.send(command);
  const events = [];
  for await (const { chunk } of answer.body ?? []) {
    events.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()));
  }
  return events;
}

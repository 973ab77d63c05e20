// Every operation asked by the real clients that support it, over the transports they use.

import {
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { test } from 'tap';
import { claude, messagesBody } from '../../fixtures/bedrock-answer.ts';
import {
  anthropicClient,
  converseInput,
  messagesInput,
  mocksFor,
  sdkClient,
} from '../../fixtures/bedrock-clients.ts';

const transports = [
  { transport: 'http2', config: () => ({}) },
  { transport: 'http1', config: () => ({ requestHandler: new NodeHttpHandler() }) },
];
const prompt = '[[leakbed chunks=5 bytes=20]]';
const body = JSON.stringify({ ...messagesBody, messages: [{ role: 'user', content: prompt }] });

for (const { transport, config } of transports) {
  test(`Converse over ${transport} gives text, usage and metrics`, async (t) => {
    const mocks = await mocksFor(t);
    const client = sdkClient(t, mocks, config());
    const answer = await client.send(new ConverseCommand(converseInput(prompt)));
    t.equal(answer.output?.message?.content?.[0]?.text?.length, 100);
    t.equal(answer.output?.message?.role, 'assistant');
    t.equal(answer.stopReason, 'end_turn');
    t.match(answer.usage, { outputTokens: 25, totalTokens: 25 + (answer.usage?.inputTokens ?? 0) });
    t.match(answer.metrics, { latencyMs: Number });
    t.match(answer.$metadata, { httpStatusCode: 200, requestId: /^[0-9a-f-]{36}$/, attempts: 1 });
    t.match(mocks.journal.since(0), [{ transport, operation: 'Converse', model: claude }]);
  });

  test(`ConverseStream over ${transport} gives every event`, async (t) => {
    const mocks = await mocksFor(t);
    const client = sdkClient(t, mocks, config());
    const { stream } = await client.send(new ConverseStreamCommand(converseInput(prompt)));
    const events: ConverseStreamOutput[] = [];
    for await (const event of stream ?? []) events.push(event);
    const text = events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');
    t.equal(text.length, 100);
    t.same(events[0]?.messageStart, { role: 'assistant' });
    t.match(events.at(-2)?.messageStop, { stopReason: 'end_turn' });
    t.match(events.at(-1)?.metadata, {
      usage: { outputTokens: 25 },
      metrics: { latencyMs: Number },
    });
    t.match(mocks.journal.since(0), [{ transport, operation: 'ConverseStream' }]);
  });

  test(`InvokeModel over ${transport} gives the provider's body`, async (t) => {
    const client = sdkClient(t, await mocksFor(t), config());
    const answer = await client.send(new InvokeModelCommand({ modelId: claude, body }));
    t.equal(answer.contentType, 'application/json');
    const message = JSON.parse(answer.body.transformToString());
    t.equal(message.content[0].text.length, 100);
  });

  test(`InvokeModelWithResponseStream over ${transport} gives the provider's chunks`, async (t) => {
    const client = sdkClient(t, await mocksFor(t), config());
    const command = new InvokeModelWithResponseStreamCommand({ modelId: claude, body });
    const answer = await client.send(command);
    t.equal(answer.contentType, 'application/json');
    const types: string[] = [];
    for await (const { chunk } of answer.body ?? []) {
      types.push(JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()).type);
    }
    t.equal(types.length, 10);
    t.equal(types.at(-1), 'message_stop');
  });

  test(`embeddings over ${transport} come by InvokeModel`, async (t) => {
    const client = sdkClient(t, await mocksFor(t), config());
    const invoke = async (modelId: string, value: object) => {
      const command = new InvokeModelCommand({ modelId, body: JSON.stringify(value) });
      return JSON.parse((await client.send(command)).body.transformToString());
    };
    const texts = Array.from({ length: 96 }, (_, index) => `text ${index}`);
    const cohere = { texts, input_type: 'search_document' };
    t.equal((await invoke('cohere.embed-english-v3', cohere)).embeddings.length, 96);
    const titan = { inputText: 'Hello', dimensions: 512 };
    t.equal((await invoke('amazon.titan-embed-text-v2:0', titan)).embedding.length, 512);
  });

  test(`an ARN over ${transport} reaches the model it names`, async (t) => {
    const mocks = await mocksFor(t);
    const client = sdkClient(t, mocks, config());
    const modelId = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${claude}`;
    await client.send(new InvokeModelCommand({ modelId, body }));
    t.match(mocks.journal.since(0), [{ model: modelId }]);
  });
}

test('an endpoint with a path of its own is served', async (t) => {
  const mocks = await mocksFor(t);
  const client = sdkClient(t, mocks, { endpoint: `${mocks.url}/proxy/v1` });
  const answer = await client.send(new ConverseCommand(converseInput(prompt)));
  t.equal(answer.stopReason, 'end_turn');
});

test('the Anthropic SDK reads a whole message', async (t) => {
  const client = anthropicClient(await mocksFor(t), 0);
  const message = await client.messages.create(messagesInput(prompt));
  t.match(message.content, [{ type: 'text', text: /^.{100}$/ }]);
  t.equal(message.usage.output_tokens, 25);
});

test('the Anthropic SDK puts a streamed message together', async (t) => {
  const client = anthropicClient(await mocksFor(t), 0);
  const message = await client.messages.stream(messagesInput(prompt)).finalMessage();
  t.match(message.content, [{ type: 'text', text: /^.{100}$/ }]);
  t.equal(message.stop_reason, 'end_turn');
  t.equal(message.usage.output_tokens, 25);
});

test('the Anthropic SDK reaches an ARN, whose colons it leaves raw', async (t) => {
  const mocks = await mocksFor(t);
  const model = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${claude}`;
  await anthropicClient(mocks, 0).messages.create({ ...messagesInput(prompt), model });
  t.match(mocks.journal.since(0), [{ model, operation: 'InvokeModel' }]);
});

test('max tokens cut an answer short and it says so', async (t) => {
  const client = sdkClient(t, await mocksFor(t));
  const input = { ...converseInput('Hello'), inferenceConfig: { maxTokens: 5 } };
  const answer = await client.send(new ConverseCommand(input));
  t.equal(answer.stopReason, 'max_tokens');
  t.equal(answer.usage?.outputTokens, 5);
});

// The gateway over the real SDKs against the fake providers: what clients see.

import { test } from 'tap';
import { startMocks } from '../../../../mocks/server.ts';
import { embedInCalls } from '../../../fixtures/fixed-batches.ts';
import { chatModels, startGateway } from '../../../fixtures/reference-gateway.ts';

const mocks = await startMocks({ port: 0, seed: 1 });
const gateway = await startGateway(mocks);
test('SIGTERM ends an idle gateway with exit code 0', async (t) => {
  const other = await startGateway(mocks);
  t.equal(await other.stop(), 0);
});

for (const model of chatModels) {
  test(`${model} answers a chat with the provider's own counts`, async (t) => {
    const answer = await gateway.chat(model, 'chunks=4');
    t.equal(answer.status, 200);
    t.match(await answer.json(), {
      object: 'chat.completion',
      model,
      choices: [{ message: { role: 'assistant', content: String }, finish_reason: 'stop' }],
      usage: { completion_tokens: 24 },
    });
  });

  test(`${model} streams every chunk, the usage when asked, and the end mark`, async (t) => {
    const options = { stream: true, stream_options: { include_usage: true } };
    const answer = await gateway.chat(model, 'chunks=7', options);
    const events = (await answer.text()).trimEnd().split('\n\n');
    t.equal(events.at(-1), 'data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
    t.equal(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length, 7);
    t.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
    t.ok(chunks.at(-1).usage.completion_tokens > 0);
  });

  test(`${model} cut short without a word is told as truncated, not as finished`, async (t) => {
    const answer = await gateway.chat(model, 'chunks=9 fault=truncate;at=50%', { stream: true });
    const text = await answer.text();
    t.match(text, /"code":"provider_stream_truncated"/);
    t.notMatch(text, /\[DONE\]/);
  });

  test(`${model} throttled in its stream is told by the provider's own word`, async (t) => {
    const directive = 'chunks=9 fault=exception;at=3;name=throttling';
    const answer = await gateway.chat(model, directive, { stream: true });
    t.match(await answer.text(), /"code":"(ThrottlingException|RESOURCE_EXHAUSTED)"/);
  });
}

const embeddings = [
  ['amazon.titan-embed-text-v2:0', 1024, 20],
  ['cohere.embed-english-v3', 1024, 100],
  ['text-embedding-005', 768, 251],
] as const;

for (const [model, dimensions, count] of embeddings) {
  test(`${model} embeds more texts than the provider takes in one call`, async (t) => {
    const input = Array.from({ length: count }, (_, index) => `text ${index}`);
    const answer = await gateway.request('/api/v1/embeddings', { model, input });
    const { data, usage } = (await answer.json()) as {
      data: { index: number; embedding: number[] }[];
      usage: { prompt_tokens: number };
    };
    t.same([data.length, data.at(-1)?.index], [count, count - 1]);
    t.ok(data.every(({ embedding }) => embedding.length === dimensions));
    t.ok(usage.prompt_tokens > 0);
  });
}

test('a client may fix the texts of a call for its request', async (t) => {
  const ask = (textsPerCall: number) =>
    embedInCalls(gateway, mocks, { textCount: 40, textsPerCall });
  t.match(await ask(16), { status: 200, vectorCount: 40, callCount: 3 });
  t.match(await ask(0), { status: 400, callCount: 0 });
});

const chatPath = '/api/v1/chat/completions';
const messages = [{ role: 'user', content: 'Hello' }];
const [model] = chatModels;
const refusals = [
  ['a wrong key', 401, 'invalid_api_key', { model, messages }, { authorization: 'Bearer x' }],
  ['an unknown model', 404, 'model_not_found', { model: 'gpt-9', messages }, {}],
  ['no messages', 400, 'FST_ERR_VALIDATION', { model, messages: [] }, {}],
  ['a number for a flag', 400, 'FST_ERR_VALIDATION', { model, messages, stream: 1 }, {}],
  ['a bad request id', 400, 'invalid_request_id', { model, messages }, { 'x-request-id': 'a b' }],
] as const;

for (const [what, status, code, body, headers] of refusals) {
  test(`${what} is refused with ${status} in OpenAI's form`, async (t) => {
    const answer = await gateway.request(chatPath, body, headers);
    t.equal(answer.status, status);
    t.match(await answer.json(), { error: { message: String, type: String, code } });
  });
}

test('a request id is accepted once and echoed', async (t) => {
  const headers = { 'x-request-id': 'order-1' };
  const first = await gateway.request(chatPath, { model, messages }, headers);
  t.same([first.status, first.headers.get('x-request-id')], [200, 'order-1']);
  const second = await gateway.request(chatPath, { model, messages }, headers);
  t.equal(second.status, 409);
});

test('the models that are listed are those of both providers', async (t) => {
  const answer = await gateway.request('/api/v1/models');
  const { data } = (await answer.json()) as { data: { id: string; owned_by: string }[] };
  t.same(new Set(data.map((entry) => entry.owned_by)), new Set(['bedrock', 'vertex']));
});

test('the shared gateway and the fakes stop', async (t) => {
  t.equal(await gateway.stop(), 0);
  await mocks.close();
});

// The Python gateway over the real SDKs against the fake providers: what clients see is what they
// see of the Node gateway, and nothing is left of streams that did not end well. Slow because its
// packages are installed first, where they are not yet.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'tap';
import { startMocks } from '../../../../mocks/server.ts';
import { abortedStream } from '../../../fixtures/aborted-stream.ts';
import { embedInCalls } from '../../../fixtures/fixed-batches.ts';
import { chatModels, startPythonGateway, until } from '../../../fixtures/reference-gateway.ts';

const mocks = await startMocks({ port: 0, seed: 1 });
const gateway = await startPythonGateway(mocks).catch((error: Error) => error);
const skip = gateway instanceof Error ? gateway.message : false;
const running = () => {
  if (gateway instanceof Error) throw gateway;
  return gateway;
};

for (const model of chatModels) {
  test(`${model} answers a chat with the provider's own counts`, { skip }, async (t) => {
    const answer = await running().chat(model, 'chunks=4');
    t.equal(answer.status, 200);
    t.match(await answer.json(), {
      object: 'chat.completion',
      model,
      choices: [{ message: { role: 'assistant', content: String }, finish_reason: 'stop' }],
      usage: { completion_tokens: 24 },
    });
  });

  test(`${model} streams every chunk, the usage, and the end mark`, { skip }, async (t) => {
    const options = { stream: true, stream_options: { include_usage: true } };
    const answer = await running().chat(model, 'chunks=7', options);
    const events = (await answer.text()).trimEnd().split('\n\n');
    t.equal(events.at(-1), 'data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)));
    t.equal(chunks.filter((chunk) => chunk.choices[0]?.delta.content).length, 7);
    t.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
    t.ok(chunks.at(-1).usage.completion_tokens > 0);
  });

  test(`${model} cut short is told as truncated, not as finished`, { skip }, async (t) => {
    const directive = 'chunks=9 fault=truncate;at=50%';
    const text = await (await running().chat(model, directive, { stream: true })).text();
    t.match(text, /"code":"provider_stream_truncated"/);
    t.notMatch(text, /\[DONE\]/);
  });

  test(`${model} throttled in its stream is told by the provider's word`, { skip }, async (t) => {
    const directive = 'chunks=9 fault=exception;at=3;name=throttling';
    const answer = await running().chat(model, directive, { stream: true });
    t.match(await answer.text(), /"code":"(ThrottlingException|RESOURCE_EXHAUSTED)"/);
  });

  test(`${model} streams whose client leaves are cancelled at once`, { skip }, async (t) => {
    const idle = running().socketCount();
    const abandoned = await running().metric('gateway_abandoned_total');
    const words = 'chunks=20 fault=hang;at=5';
    await Promise.all(Array.from({ length: 12 }, () => abortedStream(running(), model, words)));
    t.ok(await until(() => running().socketCount() <= idle), 'no socket is left');
    t.ok(await until(() => mocks.waitingStreams === 0), 'the provider streams are gone');
    t.equal(await running().metric('gateway_requests_active'), 0);
    t.equal(await running().metric('gateway_abandoned_total'), abandoned + 12);
  });
}

const embeddings = [
  ['amazon.titan-embed-text-v2:0', 1024, 20],
  ['cohere.embed-english-v3', 1024, 100],
  ['text-embedding-005', 768, 251],
] as const;

for (const [model, dimensions, count] of embeddings) {
  test(`${model} embeds more texts than one call takes`, { skip }, async (t) => {
    const input = Array.from({ length: count }, (_, index) => `text ${index}`);
    const answer = await running().request('/api/v1/embeddings', { model, input });
    const { data } = (await answer.json()) as { data: { index: number; embedding: number[] }[] };
    t.same([data.length, data.at(-1)?.index], [count, count - 1]);
    t.ok(data.every(({ embedding }) => embedding.length === dimensions));
  });
}

test('a client may fix the texts of a call for its request', { skip }, async (t) => {
  const ask = (textsPerCall: number) =>
    embedInCalls(running(), mocks, { textCount: 40, textsPerCall });
  t.match(await ask(16), { status: 200, vectorCount: 40, callCount: 3 });
  t.match(await ask(0), { status: 400, callCount: 0 });
});

const messages = [{ role: 'user', content: 'Hello' }];
const [model] = chatModels;
const refusals = [
  ['a wrong key', 401, 'invalid_api_key', { model, messages }, { authorization: 'Bearer x' }],
  ['an unknown model', 404, 'model_not_found', { model: 'gpt-9', messages }, {}],
  ['no messages', 400, 'invalid_request', { model, messages: [] }, {}],
  ['a number for a flag', 400, 'invalid_request', { model, messages, stream: 1 }, {}],
  ['a bad request id', 400, 'invalid_request_id', { model, messages }, { 'x-request-id': 'a b' }],
] as const;

for (const [what, status, code, body, headers] of refusals) {
  test(`${what} is refused with ${status} in OpenAI's form`, { skip }, async (t) => {
    const answer = await running().request('/api/v1/chat/completions', body, headers);
    t.equal(answer.status, status);
    t.match(await answer.json(), { error: { message: String, type: String, code } });
  });
}

test('the shared gateway drains and the fakes stop', { skip: false }, async (t) => {
  if (!(gateway instanceof Error)) t.equal(await gateway.stop(), 0);
  await mocks.close();
});

test('a stuck consumer fills the queue, then 503; healed, all is billed', { skip }, async (t) => {
  const ledger = join(t.testdir({}), 'ledger.sqlite');
  const fakes = await startMocks({ port: 0, seed: 1 });
  const stalled = await startPythonGateway(fakes, {
    LEDGER: ledger,
    BILLING_QUEUE_LIMIT: '5',
    LEAKBED_CONTROL: fakes.url,
    LEAKBED_BILLING_HOOK: 'gateway.billing.consume:consume',
  });
  t.teardown(async () => {
    stalled.kill();
    await fakes.close();
  });
  const billing = fakes.switches['billing-stall'];
  const stall = async (mode: string) => {
    const { version } = billing.set(mode);
    t.ok(await until(() => billing.seen?.version === version), `${mode} has taken effect`);
  };
  const ask = (id: string) =>
    stalled.request('/api/v1/chat/completions', { model, messages }, { 'x-request-id': id });

  await stall('stuck');
  const accepted = ['a', 'b', 'c', 'd', 'e'];
  for (const id of accepted) t.equal((await ask(id)).status, 200);
  t.equal(await stalled.metric('billing_queue_depth'), 5);
  t.equal((await ask('a')).status, 409, 'an id is accepted once');
  const refused = await ask('f');
  t.same([refused.status, refused.headers.get('retry-after')], [503, '1']);
  await stall('error');
  t.ok(await until(async () => (await stalled.metric('billing_retries_total')) >= 2));
  await stall('pass');
  t.ok(await until(async () => (await stalled.metric('billing_queue_depth')) === 0));
  t.equal((await ask('f')).status, 200, 'a refused request may come again');
  t.equal(await stalled.stop(), 0);
  const database = new DatabaseSync(ledger, { readOnly: true });
  t.teardown(() => database.close());
  const rows = database.prepare('SELECT request_id FROM ledger ORDER BY request_id').all();
  t.same(
    rows.map((row) => row.request_id),
    [...accepted, 'f'],
  );
});

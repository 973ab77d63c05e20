// The load client against a real HTTP server, over sockets.

import { type Test, test } from 'tap';
import {
  type GatewayClientOptions,
  openGatewayClient,
} from '../../../harness/load/gateway-client.ts';
import type { ClientExchange } from '../../../injectors/client/exchange.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { type DisruptContext, defineInjector } from '../../../injectors/injector.ts';
import { startOpenAiServer } from '../../fixtures/openai-server.ts';

const chat = (model: string) =>
  ({ kind: 'chat', model, prompt: 'Why?', isStreamed: true }) as const;

async function setUp(t: Test, options: Partial<GatewayClientOptions> = {}) {
  const server = await startOpenAiServer(t, true);
  const client = openGatewayClient({
    url: server.url,
    connectionLimit: 4,
    nowMs: systemClock.nowMs,
    ...options,
  });
  t.teardown(() => client[Symbol.asyncDispose]());
  return { server, client };
}

test('a complete stream is ok, its events counted and its times in order', async (t) => {
  const { client } = await setUp(t);
  const answer = await client.send(chat('complete'));
  t.match(answer, { outcome: 'ok', status: 200, eventCount: 40 });
  t.notOk('error' in answer);
  t.ok(answer.ttftMs !== null && answer.ttftMs > 0);
  t.ok(answer.endMs >= answer.startMs + (answer.ttftMs ?? Infinity));
});

test('requests carry key, id and body as the API wants them, and reuse connections', async (t) => {
  const { server, client } = await setUp(t, { apiKey: 'sk-1', requestIdPrefix: 'run7' });
  await client.send({ ...chat('complete'), maxTokens: 5 });
  const embeddings = { kind: 'embeddings', model: 'two-vectors', input: ['a', 'b'] } as const;
  t.match(await client.send(embeddings), { outcome: 'ok', eventCount: 1 });
  t.match(await client.send({ kind: 'models' }), { outcome: 'ok', status: 200 });
  t.match(await client.send({ ...chat('json'), isStreamed: false }), { outcome: 'ok' });
  t.match(server.seen, [
    {
      method: 'POST',
      path: '/api/v1/chat/completions',
      headers: { authorization: 'Bearer sk-1', 'x-request-id': 'run7-1' },
      body: { model: 'complete', stream: true, max_tokens: 5, messages: [{ content: 'Why?' }] },
    },
    { path: '/api/v1/embeddings', body: { input: ['a', 'b'] } },
    { method: 'GET', path: '/api/v1/models', headers: { 'x-request-id': 'run7-3' } },
    { body: { stream: false } },
  ]);
  t.equal(server.connectionCount, 1);
});

test('whatever goes wrong on the other side is an error row that says what', async (t) => {
  const { client } = await setUp(t);
  for (const [model, status, error] of [
    ['cut', 200, /UND_ERR_SOCKET/],
    ['never-done', 200, /without \[DONE\] after 5 events/],
    ['error-event', 200, /throttled/],
    ['busy', 503, /^HTTP 503: .*busy/],
  ] as const) {
    const answer = await client.send(chat(model));
    t.match(answer, { outcome: 'error', status, error }, model);
    t.ok((answer.error ?? '').length <= 300, `${model}: bounded`);
  }
  const lost = { kind: 'embeddings', model: 'two-vectors', input: ['a', 'b', 'c'] } as const;
  t.match(await client.send(lost), { outcome: 'error', error: /2 vectors for 3 texts/ });
  const half = await client.send({ ...chat('half-json'), isStreamed: false });
  t.match(half, { outcome: 'error', error: /ends before its JSON/ });
});

test('a gateway that hangs before, within or throughout an answer meets a limit', async (t) => {
  const limits = { headersTimeoutMs: 100, bodyTimeoutMs: 100, totalTimeoutMs: 30_000 };
  const { client } = await setUp(t, limits);
  t.match(await client.send(chat('silent')), { outcome: 'error', error: /HEADERS_TIMEOUT/ });
  const stalled = await client.send(chat('half-stream'));
  t.match(stalled, { outcome: 'error', status: 200, eventCount: 5, error: /BODY_TIMEOUT/ });
  const { client: patient } = await setUp(t, { totalTimeoutMs: 100 });
  t.match(await patient.send(chat('endless')), { outcome: 'error', error: /TOTAL_TIMEOUT/ });
});

test('a gateway that is not there is an error row, not a rejection', async (t) => {
  const { client } = await setUp(t, { url: 'http://127.0.0.1:1' });
  t.match(await client.send(chat('complete')), { outcome: 'error', error: /ECONNREFUSED/ });
});

test('a request beyond the connection limit is refused instead of delayed', async (t) => {
  const { client } = await setUp(t, { connectionLimit: 1 });
  const first = client.send(chat('complete'));
  await t.rejects(client.send(chat('complete')), /all 1 connections .* Raise connectionLimit/);
  t.match(await first, { outcome: 'ok' });
  t.match(await client.send(chat('complete')), { outcome: 'ok' }, 'and the place is free again');
});

test('cut ends what is in flight at once and gives the reason', async (t) => {
  const { server, client } = await setUp(t);
  const waiting = [client.send(chat('silent')), client.send(chat('half-stream'))];
  while (server.seen.length < 2) await sleep(1);
  client.cut('The run was stopped.');
  for (const answer of await Promise.all(waiting)) {
    t.match(answer, { outcome: 'error', error: 'The run was stopped.' });
  }
  await server.untilDied(2);
});

test('cut ends a request that is still connecting', async (t) => {
  const { server, client } = await setUp(t);
  const connecting = client.send(chat('complete'));
  await Promise.resolve();
  client.cut('The run was stopped.');
  t.match(await connecting, { outcome: 'error', error: 'The run was stopped.' });
  t.equal(server.seen.length, 0);
});

test('idle connections can be dropped, and the next request opens a new one', async (t) => {
  const { server, client } = await setUp(t);
  await client.send(chat('complete'));
  client.dropIdle();
  while (server.openSocketCount > 0) await sleep(1);
  t.match(await client.send(chat('complete')), { outcome: 'ok' });
  t.equal(server.connectionCount, 2);
});

test('a fault that is no client fault is refused by name', async (t) => {
  const { client } = await setUp(t);
  const stream = defineInjector({
    name: 'other',
    family: 'stream',
    summary: 'For this test.',
    options: {},
    example: 'other',
    explain: () => 'nothing',
    wire: (frames) => frames,
  }).bind({}).fault;
  t.ok(stream);
  const faults = stream === undefined ? [] : [stream];
  await t.rejects(client.send({ ...chat('complete'), faults }), /"other" .* a stream fault/);
});

/** Client faults the load code has never heard of, each a few lines on the exchange. */
function newFault(name: string, act: (target: ClientExchange) => () => void) {
  const { fault } = defineInjector({
    name,
    family: 'client',
    summary: 'For this test.',
    options: {},
    example: name,
    explain: () => name,
    async disrupt(_options, { target }: DisruptContext<ClientExchange>) {
      const heal = act(target);
      return { [Symbol.asyncDispose]: async () => heal() };
    },
  }).bind({});
  if (fault === undefined) throw new Error(`Cannot bind ${name}.`);
  return fault;
}

test('a reader that pauses exerts back-pressure until it resumes or a limit ends it', async (t) => {
  const { server, client } = await setUp(t, { totalTimeoutMs: 150 });
  let pausedAt = 0;
  let healed = 0;
  const neverRead = newFault('never-read', (target) => {
    target.onProgress(({ eventCount }) => {
      if (eventCount < 10 || pausedAt > 0) return;
      pausedAt = eventCount;
      target.pauseReading();
    });
    return () => {
      healed += 1;
    };
  });
  const answer = await client.send({ ...chat('endless'), faults: [neverRead] });
  t.match(answer, { outcome: 'error', error: /TOTAL_TIMEOUT/ });
  // What was in the read buffer of the moment still counts; the flood behind it does not.
  t.ok(answer.byteCount < 200_000, `${answer.byteCount} bytes were read`);
  t.equal(healed, 1);
  await server.untilDied(1);
});

test('a reader that resumes gets the whole answer', async (t) => {
  const { client } = await setUp(t);
  const slow = newFault('slow', (target) => {
    let cancel = () => {};
    target.onProgress(({ eventCount }) => {
      if (eventCount !== 10) return;
      target.pauseReading();
      cancel = systemClock.after(20, () => target.resumeReading());
    });
    return () => cancel();
  });
  const answer = await client.send({ ...chat('complete'), faults: [slow] });
  t.match(answer, { outcome: 'ok', eventCount: 40 });
});

test('half-close: the gateway sees the FIN while what it has sent is still read', async (t) => {
  const { server, client } = await setUp(t, { totalTimeoutMs: 150 });
  const halfClose = newFault('half-close', (target) => {
    let isEnded = false;
    target.onProgress(({ eventCount }) => {
      if (eventCount < 3 || isEnded) return;
      isEnded = true;
      target.endWriting();
    });
    return () => undefined;
  });
  const answer = await client.send({ ...chat('half-stream'), faults: [halfClose] });
  t.match(answer, { eventCount: 5, outcome: 'error' });
  t.equal(server.halfClosedCount, 1);
});

test('churn: a retired connection is closed after its answer', async (t) => {
  const { server, client } = await setUp(t);
  const churn = newFault('churn', (target) => {
    target.retireConnection();
    return () => undefined;
  });
  for (let i = 0; i < 3; i++) {
    t.match(await client.send({ ...chat('complete'), faults: [churn] }), { outcome: 'ok' });
  }
  t.equal(server.connectionCount, 3);
});

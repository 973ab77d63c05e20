// The live feed over its WebSocket: what listeners are told, and what they cost.

import { once } from 'node:events';
import { type Test, test } from 'tap';
import { WebSocket } from 'ws';
import { type MocksOptions, startMocks } from '../../../mocks/server.ts';
import { bedrockPath, converseBody } from '../../fixtures/raw-clients.ts';

type Message = { readonly type: string; readonly [field: string]: unknown };

async function feedOf(t: Test, options: MocksOptions = {}) {
  const mocks = await startMocks({ port: 0, seed: 3, ...options });
  t.teardown(() => mocks.close());
  const base = `${mocks.url}/__leakbed`;
  const listen = async (headers: Record<string, string> = {}, protocols: string[] = []) => {
    const ws = new WebSocket(`${base.replace('http', 'ws')}/live`, protocols, { headers });
    t.teardown(() => ws.terminate());
    const waiting: { wanted(message: Message): boolean; found(message: Message): void }[] = [];
    const seen: Message[] = [];
    ws.on('message', (data) => {
      const message = JSON.parse(String(data)) as Message;
      seen.push(message);
      for (const { wanted, found } of waiting) if (wanted(message)) found(message);
    });
    await once(ws, 'open');
    const next = (wanted: (message: Message) => boolean) => {
      const already = seen.find(wanted);
      if (already !== undefined) return Promise.resolve(already);
      const { promise, resolve } = Promise.withResolvers<Message>();
      waiting.push({ wanted, found: resolve });
      return promise;
    };
    return { ws, seen, next };
  };
  const tell = (message: unknown) =>
    fetch(`${base}/live`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
  return { mocks, base, listen, tell };
}

test('a listener is told of requests, faults and the plan', async (t) => {
  const { mocks, listen } = await feedOf(t);
  const { next } = await listen();
  t.match(await next(({ type }) => type === 'hello'), { seed: 3 });
  mocks.plan.set({ faults: [{ fault: 'duplicate' }] });
  await fetch(`${mocks.url}${bedrockPath('converse-stream')}`, {
    method: 'POST',
    body: converseBody('[[leakbed chunks=2]]'),
    headers: { 'content-type': 'application/json' },
  }).then((answer) => answer.arrayBuffer());
  const state = await next(({ type, requests }) => type === 'state' && requests === 1);
  t.match(state, {
    plan: { faults: [{ fault: 'duplicate' }] },
    faults: { duplicate: 1 },
    ended: [{ provider: 'bedrock', ending: 'complete' }],
  });
});

test('what a run tells reaches who listens and who comes later, until the next run', async (t) => {
  const { listen, tell } = await feedOf(t);
  const early = await listen();
  t.equal((await tell({ type: 'run', scenario: 'a' })).status, 204);
  t.equal((await tell({ type: 'sample', rssBytes: 1 })).status, 204);
  t.match(await early.next(({ type }) => type === 'sample'), { rssBytes: 1 });
  const storyFor = async ({ next }: Awaited<ReturnType<typeof listen>>) =>
    (await next(({ type }) => type === 'story')).messages;
  t.same(await storyFor(await listen()), [
    { type: 'run', scenario: 'a' },
    { type: 'sample', rssBytes: 1 },
  ]);
  await tell({ type: 'run', scenario: 'b' });
  t.same(await storyFor(await listen()), [{ type: 'run', scenario: 'b' }]);
  t.equal((await tell({ type: 'gossip' })).status, 400);
});

test('another origin gets no feed, and with a token nobody without it', async (t) => {
  const open = await feedOf(t);
  await t.rejects(open.listen({ origin: 'http://evil.test' }), /403/);
  const guarded = await feedOf(t, { token: 'secret', host: '0.0.0.0' });
  await t.rejects(guarded.listen(), /401/);
  const { next } = await guarded.listen({ authorization: 'Bearer secret' });
  t.ok(await next(({ type }) => type === 'hello'));
  // As a page says it, which can give a WebSocket no headers.
  const asPage = (token: string) => ['leakbed.live', `leakbed.token.${btoa(token)}`];
  const page = await guarded.listen({}, asPage('secret'));
  t.ok(await page.next(({ type }) => type === 'hello'));
  t.equal(page.ws.protocol, 'leakbed.live', 'the token is not said back');
  await t.rejects(guarded.listen({}, asPage('secres')), /401/);
});

test('a listener that speaks is shut out', async (t) => {
  const { listen } = await feedOf(t);
  const { ws } = await listen();
  ws.send('let me in');
  const [code] = await once(ws, 'close');
  t.equal(code, 1003);
});

test('more than 64 listeners are told to come later', async (t) => {
  const { listen } = await feedOf(t);
  for (let count = 0; count < 64; count++) await listen();
  const { ws } = await listen();
  const [code] = await once(ws, 'close');
  t.equal(code, 1013);
});

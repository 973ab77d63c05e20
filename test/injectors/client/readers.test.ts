// Clients that read slowly, not at all, or are gone without a word, over real sockets.

import { type Test, test } from 'tap';
import { openGatewayClient } from '../../../harness/load/gateway-client.ts';
import type { Injection } from '../../../harness/record.ts';
import { type Clock, sleep, systemClock } from '../../../injectors/determinism.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { startOpenAiServer } from '../../fixtures/openai-server.ts';

async function setUp(t: Test, words?: string, clock: Clock = systemClock) {
  const server = await startOpenAiServer(t);
  const injections: Injection[] = [];
  const client = openGatewayClient({
    url: server.url,
    connectionLimit: 2,
    nowMs: systemClock.nowMs,
    clock,
    onInjection: (injection) => void injections.push(injection),
  });
  t.teardown(() => client[Symbol.asyncDispose]());
  const { planned, problems } = bindFaults(words === undefined ? [] : [parseFaultWords(words)]);
  t.same(problems, []);
  const faults = planned.map((fault) => fault.bound);
  const send = (model: string) =>
    client.send({ kind: 'chat', model, prompt: 'x', isStreamed: true, faults });
  const told = () => injections.map(({ what }) => what);
  return { server, client, send, told };
}

/** Until it holds, at the longest two seconds; the assertion after it says whether it did. */
async function until(holds: () => boolean) {
  for (let turn = 0; turn < 200 && !holds(); turn++) await sleep(10);
}

test('a slow reader gets all of the answer, with a rest after every piece', async (t) => {
  const { send, told } = await setUp(t, 'slow-reader;pause=1ms');
  t.match(await send('complete'), { outcome: 'ok', eventCount: 40 });
  t.match(told(), [/^client paused \d+ times$/]);
});

test('a slow reader holds an endless answer back', async (t) => {
  const paused = Promise.withResolvers<void>();
  const clock: Clock = {
    ...systemClock,
    after(delayMs, callback) {
      if (delayMs === 59_000) paused.resolve();
      return systemClock.after(delayMs, callback);
    },
  };
  const { client, send } = await setUp(t, 'slow-reader;pause=59s', clock);
  const answer = send('endless');
  await paused.promise;
  client.cut('enough');
  const { byteCount } = await answer;
  t.ok(byteCount > 0 && byteCount < 1_000_000, `one piece of it was read: ${byteCount} bytes`);
});

test('who never reads takes nothing and leaves in the way it was told', async (t) => {
  for (const how of ['close', 'reset']) {
    const { server, send, told } = await setUp(t, `never-read;for=30ms;how=${how}`);
    t.match(await send('endless'), { outcome: 'aborted', eventCount: 0, byteCount: 0 });
    await server.untilDied(1);
    t.same(told(), [`client left unread after 30 ms (${how})`]);
  }
});

test('a client that vanished leaves its connection open until the load rests', async (t) => {
  const { server, client, send, told } = await setUp(t, 'vanish;at=3;for=1m');
  t.match(await send('half-stream'), { outcome: 'aborted', eventCount: 3 });
  t.same(told(), ['client vanished after 3 events']);
  t.match([server.openSocketCount, server.diedCount], [1, 0], 'nothing told the server');
  client.dropIdle();
  await server.untilDied(1);
});

test('a vanished client is ended by its time, and takes no place of another', async (t) => {
  const { server, send } = await setUp(t, 'vanish;at=1;for=40ms');
  for (let count = 0; count < 6; count++)
    t.match(await send('half-stream'), { outcome: 'aborted' });
  await server.untilDied(6);
  t.equal(server.connectionCount, 6);
});

test('a half-closed client sends FIN, and an undisturbed one does not', async (t) => {
  const disturbed = await setUp(t, 'half-close;at=2');
  await disturbed.send('endless');
  t.equal(disturbed.server.halfClosedCount, 1);
  t.same(disturbed.told(), ['client closed its half after 2 events']);
  const plain = await setUp(t);
  t.match(await plain.send('complete'), { outcome: 'ok' });
  t.equal(plain.server.halfClosedCount, 0);
});

test('a half-closed connection is not used again, though its answer was complete', async (t) => {
  const { server, send } = await setUp(t, 'half-close;at=2');
  for (let count = 0; count < 5; count++) t.match(await send('complete'), { outcome: 'ok' });
  t.equal(server.connectionCount, 5);
});

test('churn takes a new connection for each request, keep-alive takes one', async (t) => {
  for (const [words, connections] of [
    ['churn', 3],
    [undefined, 1],
  ] as const) {
    const { server, send } = await setUp(t, words);
    for (let count = 0; count < 3; count++) t.match(await send('complete'), { outcome: 'ok' });
    t.equal(server.connectionCount, connections, words ?? 'none');
    if (words === 'churn') await until(() => server.openSocketCount === 0);
    t.equal(server.openSocketCount, words === 'churn' ? 0 : 1);
  }
});

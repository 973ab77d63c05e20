// The abort fault: on an exchange in the hand, then over real sockets through the load client.

import { type Test, test } from 'tap';
import { openGatewayClient } from '../../../harness/load/gateway-client.ts';
import type { Injection } from '../../../harness/record.ts';
import { abort } from '../../../injectors/client/abort.ts';
import type { ClientExchange, ExchangeProgress } from '../../../injectors/client/exchange.ts';
import { type Clock, systemClock } from '../../../injectors/determinism.ts';
import type { DisruptContext } from '../../../injectors/injector.ts';
import type { RawValue } from '../../../injectors/options.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import { startOpenAiServer } from '../../fixtures/openai-server.ts';

const bound = (options: Record<string, RawValue>) => {
  const { fault } = abort.bind(options);
  if (fault?.disrupt === undefined) throw new Error('Cannot bind abort.');
  return { ...fault, disrupt: fault.disrupt };
};

/** Runs the fault on progress given by hand; returns when and how it aborted. */
async function aborts(
  options: Record<string, RawValue>,
  steps: readonly ExchangeProgress[],
  expectedEventCount?: number,
) {
  const ways: string[] = [];
  const notes: string[] = [];
  const listeners: ((progress: ExchangeProgress) => void)[] = [];
  let timer: { delayMs: number; callback: () => void } | undefined;
  let step = -1;
  const target = {
    expectedEventCount,
    onProgress: (listener: (progress: ExchangeProgress) => void) => void listeners.push(listener),
    abort: (way: string) => void ways.push(`${step}:${way}`),
  } as unknown as ClientExchange;
  const clock = {
    ...systemClock,
    after(delayMs: number, callback: () => void) {
      timer = { delayMs, callback };
      return () => {
        timer = undefined;
      };
    },
  };
  const { signal } = new AbortController();
  const note = (what: string) => void notes.push(what);
  const context = { target, clock, signal, note } as unknown as DisruptContext<never>;
  const started = await bound(options).disrupt(context);
  for (step = 0; step < steps.length; step++) {
    for (const listener of listeners) listener(steps[step] ?? { eventCount: 0, byteCount: 0 });
  }
  const armedMs = timer?.delayMs;
  timer?.callback();
  await started[Symbol.asyncDispose]();
  return { ways, notes, armedMs, isHealed: timer === undefined };
}

const steps = [0, 1, 2, 3, 4, 5].map((n) => ({ eventCount: n, byteCount: n * 100 }));

test('it leaves once, at the event, share or byte it was told', async (t) => {
  t.same((await aborts({ at: 3 }, steps)).ways, ['3:close']);
  t.same((await aborts({ at: 0 }, steps)).ways, ['0:close'], 'before any header');
  t.same((await aborts({ at: '50%' }, steps, 5)).ways, ['2:close']);
  t.same((await aborts({ at: '350B' }, steps)).ways, ['4:close']);
  t.same((await aborts({ how: 'reset' }, steps)).ways, ['1:reset'], 'event 1 when nothing is said');
});

test('it does not act on an answer that ends before its position', async (t) => {
  const { ways, notes } = await aborts({ at: 6 }, steps);
  t.same([ways, notes], [[], []]);
});

test('after a time it leaves whatever has arrived, and healing cancels the timer', async (t) => {
  const { ways, armedMs, notes } = await aborts({ after: '250ms' }, steps.slice(0, 2));
  t.equal(armedMs, 250);
  t.same(ways, ['2:close'], 'not at an event, by the timer alone');
  t.same(notes, ['client left after 250 ms (close)']);
  t.ok((await aborts({ after: '250ms' }, [])).isHealed);
});

test('a share of an unknown number of events is refused, not ignored', async (t) => {
  await t.rejects(aborts({ at: '50%' }, steps), /Cannot act at 50%.*expectedEventCount/);
});

test('its options are checked and explained', async (t) => {
  t.match(abort.bind({ at: 'mid-frame' }).problems, [/at=mid-frame: it must be an event count/]);
  t.match(abort.bind({ how: 'politely' }).problems, [/one of close, reset/]);
  t.equal(bound({ at: 3 }).explain(), 'the client leaves after 3 events (close)');
  t.equal(
    bound({ at: '50%', after: '2s', how: 'reset' }).explain(),
    'the client leaves after 50 % of the events or after 2000 ms (reset)',
  );
});

async function setUp(t: Test, words: string) {
  const server = await startOpenAiServer(t, true);
  // On a busy machine the time of `after` may be over before the request has arrived.
  const clock: Clock = {
    ...systemClock,
    after(delayMs, callback) {
      const once = () => (server.seen.length > 0 ? callback() : void clock.after(delayMs, once));
      return systemClock.after(delayMs, once);
    },
  };
  const injections: Injection[] = [];
  const client = openGatewayClient({
    url: server.url,
    connectionLimit: 4,
    nowMs: systemClock.nowMs,
    clock,
    onInjection: (injection) => void injections.push(injection),
  });
  t.teardown(() => client[Symbol.asyncDispose]());
  const { planned, problems } = bindFaults([parseFaultWords(words)]);
  t.same(problems, []);
  const faults = planned.map((fault) => fault.bound);
  const send = (model: string) =>
    client.send({ kind: 'chat', model, prompt: 'x', isStreamed: true, faults });
  return { server, injections, send };
}

test('exactly k events are received and the server sees its connection die', async (t) => {
  for (const how of ['close', 'reset']) {
    const { server, injections, send } = await setUp(t, `abort;at=3;how=${how}`);
    const answer = await send('endless');
    t.match(answer, { outcome: 'aborted', status: 200, eventCount: 3 }, how);
    t.notOk('error' in answer);
    await server.untilDied(1);
    t.match(injections, [{ fault: 'abort', what: `client left after 3 events (${how})` }]);
  }
});

test('exactly k events are received when all of them came in one chunk', async (t) => {
  const { send } = await setUp(t, 'abort;at=3');
  t.match(await send('complete'), { outcome: 'aborted', eventCount: 3 });
});

test('at=0 leaves before any header, and after= leaves a silent gateway', async (t) => {
  const early = await setUp(t, 'abort;at=0');
  t.match(await early.send('silent'), { outcome: 'aborted', status: null, ttftMs: null });
  await early.server.untilDied(1);
  const late = await setUp(t, 'abort;after=20ms');
  t.match(await late.send('silent'), { outcome: 'aborted', status: null });
  await late.server.untilDied(1);
});

test('a stream that is over before the position stays ok and nothing is journalled', async (t) => {
  const { injections, send } = await setUp(t, 'abort;at=41');
  t.match(await send('complete'), { outcome: 'ok', eventCount: 40 });
  t.same(injections, []);
});

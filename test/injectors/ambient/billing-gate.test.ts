// The gate alone: what each mode does to a call, and that a call leaves nothing behind.

import { test } from 'tap';
import { createBillingGate } from '../../../injectors/ambient/billing-gate.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

test('a passing gate keeps a synchronous function synchronous, with its this and name', async (t) => {
  const gate = createBillingGate();
  function consume(this: unknown, left: unknown, right: unknown) {
    return [this, left, right];
  }
  const wrapped = gate.wrap(consume);
  const owner = {};
  t.same(wrapped.call(owner, 1, 2), [owner, 1, 2]);
  t.equal(wrapped.name, 'consume');
  t.equal(wrapped.length, 2);
});

test('a slow gate lets a call through after its delay', async (t) => {
  const gate = createBillingGate();
  const wrapped = gate.wrap(() => 'billed');
  gate.set({ mode: 'slow', delayMs: 1, nth: 1 });
  const call = wrapped();
  t.equal(gate.counts().waiting, 1);
  t.equal(await call, 'billed');
  t.same(gate.counts(), { calls: 1, waiting: 0 });
});

test('healing ends a delay that is still running', async (t) => {
  const gate = createBillingGate();
  const wrapped = gate.wrap(() => 'billed');
  gate.set({ mode: 'slow', delayMs: 3_600_000, nth: 1 });
  const call = wrapped();
  gate.set({ mode: 'pass', delayMs: 0, nth: 1 });
  t.equal(await call, 'billed');
});

test('calls held by a stuck gate fail when the mode turns to error', async (t) => {
  const gate = createBillingGate();
  const wrapped = gate.wrap(() => 'billed');
  gate.set({ mode: 'stuck', delayMs: 0, nth: 1 });
  const calls = Array.from({ length: 20 }, () => wrapped());
  gate.set({ mode: 'error', delayMs: 0, nth: 1 });
  const outcomes = await Promise.allSettled(calls);
  t.ok(outcomes.every(({ status }) => status === 'rejected'));
  t.same(gate.counts(), { calls: 20, waiting: 0 });
});

test('a slow gate bounds the rate of calls that come at once', async (t) => {
  const gate = createBillingGate();
  gate.set({ mode: 'slow', delayMs: 4, nth: 1 });
  const startMs = systemClock.nowMs();
  const order: unknown[] = [];
  const wrapped = gate.wrap((event) => void order.push(event));
  await Promise.all([1, 2, 3, 4, 5].map((event) => wrapped(event)));
  t.same(order, [1, 2, 3, 4, 5]);
  // A timer may fire a millisecond before its time, and never more.
  t.ok(systemClock.nowMs() - startMs >= 15);
});

test('a flapping gate is stuck for a turn, then lets calls pass for a turn', async (t) => {
  const clock = createFakeClock();
  const gate = createBillingGate(clock);
  const wrapped = gate.wrap(() => 'billed');
  gate.set({ mode: 'flap', delayMs: 5, nth: 1 });
  const held = wrapped();
  t.equal(gate.counts().waiting, 1, 'the first turn is a bad one');
  clock.advance(5);
  t.equal(await held, 'billed', 'it passes with the turn');
  t.equal(await wrapped(), 'billed');
  clock.advance(5);
  const next = wrapped();
  await Promise.resolve();
  t.equal(gate.counts().waiting, 1, 'the next bad turn holds again');
  t.equal(await next, 'billed');
});

test('a poisoned event fails each time it comes, and no other does', async (t) => {
  const gate = createBillingGate();
  const wrapped = gate.wrap((event) => event);
  gate.set({ mode: 'poison', delayMs: 0, nth: 5 });
  const ids = Array.from({ length: 200 }, (_, index) => ({ requestId: `r-${index}` }));
  const fails = (event: object) =>
    Promise.resolve(wrapped(event)).then(
      () => false,
      () => true,
    );
  const first = await Promise.all(ids.map(fails));
  const again = await Promise.all(ids.map(({ requestId }) => fails({ requestId, attempt: 2 })));
  t.same(first, again);
  const count = first.filter(Boolean).length;
  t.ok(count > 20 && count < 60, `about one in five of 200: ${count}`);
});

test('a lost acknowledgement brings the same events twice, the others once', async (t) => {
  const gate = createBillingGate();
  const seen = new Map<unknown, number>();
  const wrapped = gate.wrap((id) => void seen.set(id, (seen.get(id) ?? 0) + 1));
  gate.set({ mode: 'duplicate-ack', delayMs: 0, nth: 4 });
  for (let index = 0; index < 100; index += 1) await wrapped(`r-${index}`);
  const twice = [...seen].filter(([, count]) => count === 2).map(([id]) => id);
  t.equal(seen.size, 100, 'none is lost');
  t.ok(twice.length > 10 && twice.length < 45, `about one in four of 100: ${twice.length}`);
});

test('a ring is an event too', async (t) => {
  const gate = createBillingGate();
  const ring: Record<string, unknown> = {};
  ring.self = ring;
  gate.set({ mode: 'poison', delayMs: 0, nth: 1 });
  await t.rejects(Promise.resolve(gate.wrap(() => undefined)(ring)), /made to fail/);
});

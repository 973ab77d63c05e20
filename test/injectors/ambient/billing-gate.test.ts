// The gate alone: what each mode does to a call, and that a call leaves nothing behind.

import { test } from 'tap';
import { createBillingGate } from '../../../injectors/ambient/billing-gate.ts';

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
  gate.set({ mode: 'slow', delayMs: 1 });
  const call = wrapped();
  t.equal(gate.counts().waiting, 1);
  t.equal(await call, 'billed');
  t.same(gate.counts(), { calls: 1, waiting: 0 });
});

test('healing ends a delay that is still running', async (t) => {
  const gate = createBillingGate();
  const wrapped = gate.wrap(() => 'billed');
  gate.set({ mode: 'slow', delayMs: 3_600_000 });
  const call = wrapped();
  gate.set({ mode: 'pass', delayMs: 0 });
  t.equal(await call, 'billed');
});

test('calls held by a stuck gate fail when the mode turns to error', async (t) => {
  const gate = createBillingGate();
  const wrapped = gate.wrap(() => 'billed');
  gate.set({ mode: 'stuck', delayMs: 0 });
  const calls = Array.from({ length: 20 }, () => wrapped());
  gate.set({ mode: 'error', delayMs: 0 });
  const outcomes = await Promise.allSettled(calls);
  t.ok(outcomes.every(({ status }) => status === 'rejected'));
  t.same(gate.counts(), { calls: 20, waiting: 0 });
});

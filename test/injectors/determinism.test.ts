// The numbers are pinned: a changed generator would change every recorded run.

import { getEventListeners } from 'node:events';
import { test } from 'tap';
import { seededRng, sleep, systemClock, within } from '../../injectors/determinism.ts';

const draw = (seed: number, count = 4) => {
  const rng = seededRng(seed);
  return Array.from({ length: count }, () => Math.floor(rng.next() * 2 ** 32));
};

test('known answers of mulberry32', async (t) => {
  // Of the reference implementation: seeds 0 and 1.
  t.same(draw(0), [1144304738, 1416247, 958946056, 627933444]);
  t.same(draw(1), [2693262067, 11749833, 2265367787, 4213581821]);
});

test('a fork depends on the seed and its name, not on what was drawn', async (t) => {
  const fresh = seededRng(7).fork('a');
  const used = seededRng(7);
  used.next();
  used.fork('b').next();
  t.equal(used.fork('a').next(), fresh.next());
  t.equal(fresh.seed, 3_809_224_601);
});

test('a thousand forks of neighbouring names and seeds have a thousand seeds', async (t) => {
  const names = Array.from({ length: 1000 }, (_, index) => `request:${index}`);
  t.equal(new Set(names.map((name) => seededRng(1).fork(name).seed)).size, 1000);
  t.equal(new Set(names.map((_, seed) => seededRng(seed).fork('text').seed)).size, 1000);
});

test('draws are uniform enough: every tenth of the range gets a tenth', async (t) => {
  const rng = seededRng(3).fork('uniform');
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const bin = Math.floor(rng.next() * 10);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  // Chi-square with 9 degrees of freedom: 27.9 is its 0.999 quantile.
  const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  t.ok(chi < 27.9, String(chi));
});

test('integers reach both bounds and nothing beyond; nothing is picked from nothing', async (t) => {
  const rng = seededRng(5);
  const seen = new Set(Array.from({ length: 1000 }, () => rng.integer(-1, 2)));
  t.same([...seen].sort(), [-1, 0, 1, 2]);
  t.throws(() => rng.pick([]), RangeError);
});

test('an aborted sleep rejects with the reason and leaves no listener', async (t) => {
  const controller = new AbortController();
  const sleeping = sleep(60_000, controller.signal);
  t.equal(getEventListeners(controller.signal, 'abort').length, 1);
  controller.abort(new Error('enough'));
  await t.rejects(sleeping, { message: 'enough' });
  t.equal(getEventListeners(controller.signal, 'abort').length, 0);
  await t.rejects(sleep(1, controller.signal), { message: 'enough' });
});

test('a sleep that ends leaves no listener either', async (t) => {
  const { signal } = new AbortController();
  await sleep(1, signal);
  t.equal(getEventListeners(signal, 'abort').length, 0);
});

test('within gives the result, the failure, or its own message', async (t) => {
  t.equal(await within(60_000, 'late', Promise.resolve(3)), 3);
  await t.rejects(within(60_000, 'late', Promise.reject(new Error('bad'))), { message: 'bad' });
  await t.rejects(within(1, 'late', new Promise(() => undefined)), { message: 'late' });
});

test('a cancelled timer does not call back', async (t) => {
  const calls: string[] = [];
  const cancel = systemClock.after(1, () => calls.push('cancelled'));
  cancel();
  await sleep(10);
  t.same(calls, []);
});

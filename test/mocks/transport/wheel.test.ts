// The timing wheel on a clock that stands still until told.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { createWheel } from '../../../mocks/transport/wheel.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

test('ten thousand entries fire once each, never early and at most two ticks late', async (t) => {
  const clock = createFakeClock();
  const wheel = createWheel(clock);
  const rng = seededRng(1);
  const lateMs: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    const dueMs = clock.nowMs() + rng.next() * 20_000;
    wheel.after(dueMs - clock.nowMs(), () => lateMs.push(clock.nowMs() - dueMs));
    if (i % 100 === 0) clock.advance(rng.next() * 3);
  }
  clock.advance(21_000);
  t.equal(lateMs.length, 10_000);
  t.ok(Math.min(...lateMs) >= 0, `earliest ${Math.min(...lateMs)}`);
  t.ok(Math.max(...lateMs) <= 4, `latest ${Math.max(...lateMs)}`);
  t.equal(wheel.waiting, 0);
});

test('the wheel stands still while nothing waits', async (t) => {
  const clock = createFakeClock();
  const wheel = createWheel(clock);
  t.equal(clock.pending, 0);
  const cancel = wheel.after(100_000, () => t.fail('it was cancelled'));
  t.equal(clock.pending, 1);
  cancel();
  cancel();
  t.equal(wheel.waiting, 0);
  clock.advance(10);
  t.equal(clock.pending, 0);
  clock.advance(200_000);
});

test('of ten thousand entries those that were cancelled do not fire', async (t) => {
  const clock = createFakeClock();
  const wheel = createWheel(clock);
  const fired = new Set<number>();
  const cancels = Array.from({ length: 10_000 }, (_, index) =>
    wheel.after(index, () => fired.add(index)),
  );
  cancels.forEach((cancel, index) => {
    if (index % 3 === 0) cancel();
  });
  t.equal(wheel.waiting, 6666);
  clock.advance(11_000);
  t.equal(fired.size, 6666);
  t.notOk([...fired].some((index) => index % 3 === 0));
  for (const cancel of cancels) cancel();
  t.equal(wheel.waiting, 0, 'cancelling what has fired counts nothing twice');
});

test('after a pause longer than the whole wheel everything due fires in one turn', async (t) => {
  const clock = createFakeClock();
  const wheel = createWheel(clock);
  const fired: number[] = [];
  for (const delayMs of [1, 500, 4097, 9000]) wheel.after(delayMs, () => fired.push(delayMs));
  wheel.after(50_000, () => fired.push(50_000));
  clock.jump(30_000);
  clock.advance(0);
  t.same(
    fired.sort((a, b) => a - b),
    [1, 500, 4097, 9000],
  );
  t.equal(wheel.waiting, 1);
  clock.advance(19_999);
  t.equal(fired.length, 4);
  clock.advance(5);
  t.equal(fired.at(-1), 50_000);
});

test('a chain of a thousand gaps does not drift', async (t) => {
  const clock = createFakeClock();
  const wheel = createWheel(clock);
  const startMs = clock.nowMs();
  let steps = 0;
  const step = () => {
    steps += 1;
    // As the pump does it: each wait is counted from the start of the stream.
    if (steps < 1000) wheel.after(startMs + (steps + 1) * 7 - clock.nowMs(), step);
  };
  wheel.after(7, step);
  clock.advance(7004);
  t.equal(steps, 1000);
});

test('a callback that throws stops neither the wheel nor the others', async (t) => {
  const clock = createFakeClock();
  const wheel = createWheel(clock);
  let fired = 0;
  wheel.after(4, () => {
    throw new Error('bad callback');
  });
  wheel.after(8, () => fired++);
  t.throws(() => clock.advance(6), { message: 'bad callback' });
  clock.advance(10);
  t.equal(fired, 1);
});

test('an entry made while entries fire waits for its own turn', async (t) => {
  const clock = createFakeClock();
  const wheel = createWheel(clock);
  let turns = 0;
  const again = () => {
    turns += 1;
    wheel.after(0, again);
  };
  wheel.after(0, again);
  clock.advance(100);
  t.ok(turns >= 45 && turns <= 51, String(turns));
});

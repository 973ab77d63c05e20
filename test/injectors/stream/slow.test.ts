// Slow sets the least pause between events; time that has passed anyway counts.

import { test } from 'tap';
import { play } from '../../fixtures/played-stream.ts';

test('events of a fast stream are a gap apart', async (t) => {
  const { dueMs, notes } = play(['slow;gap=100ms']);
  t.same(dueMs, [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  t.same(notes, ['slow: slowed to one event per 100 ms']);
});

test('a stream that is slow by itself is not slowed twice', async (t) => {
  const { dueMs } = play(['slow;gap=100ms'], { gapMs: 250 });
  t.same(dueMs.slice(0, 3), [250, 500, 750]);
});

test('framing does not wait', async (t) => {
  const { frames } = play(['slow;gap=100ms'], { texts: ['a', 'b'], hasFraming: true });
  t.same(
    frames.map(({ dueMs }) => dueMs),
    [0, 100, 200, 200],
  );
});

test('jitter stays within its bounds, never turns back, and follows the seed', async (t) => {
  const gaps = (seed: number) => {
    const { dueMs } = play(['slow;gap=10ms;jitter=30ms'], {
      seed,
      texts: Array.from({ length: 500 }, () => 'x'),
    });
    return dueMs.map((due, index) => due - (dueMs[index - 1] ?? 0));
  };
  const first = gaps(1);
  t.ok(first.every((gap) => gap >= 0 && gap <= 40.000_001));
  t.ok(first.some((gap) => gap === 0) && first.some((gap) => gap > 35));
  t.same(gaps(1), first);
  t.not(gaps(2)[0], first[0]);
});

// Faults in one stream act one after the other, in plan order.

import { test } from 'tap';
import { play } from '../fixtures/played-stream.ts';

test('a stall and then a cut: silence, then what is left before the cut', async (t) => {
  const played = play(['stall;at=2;for=300ms', 'truncate;at=4;end=cut']);
  t.equal(played.text, '0000111122223333');
  t.same(played.dueMs, [0, 0, 300, 300]);
  t.same(played.ending, { kind: 'cut' });
  t.same(played.notes, ['stall: silent for 300 ms', 'truncate: ended (cut)']);
});

test('a fault behind the end of another never acts', async (t) => {
  const played = play(['stall;at=6;for=300ms', 'truncate;at=4']);
  t.same(played.notes, ['truncate: ended (clean)']);
  t.same([...new Set(played.dueMs)], [0]);
});

test('a frame that a stall divided still counts as one event for the next fault', async (t) => {
  const played = play(['stall;at=mid-frame:1;for=1s', 'truncate;at=3']);
  t.equal(played.text, '000011112222');
  t.equal(played.eventCount, 3);
});

test('script faults act before wire faults, wherever they stand', async (t) => {
  const played = play(['truncate;at=2', 'oversize;size=10;at=1']);
  t.equal(played.text.length, 14);
});

test('two faults of one kind draw from sub-streams of their own', async (t) => {
  const twice = play(['slow;gap=10ms;jitter=10ms', 'slow;gap=0ms;jitter=0ms']).dueMs;
  const once = play(['slow;gap=10ms;jitter=10ms']).dueMs;
  t.same(twice, once, 'a fault added behind shifts no draw of the first');
  const swapped = play(['noop', 'slow;gap=10ms;jitter=10ms']).dueMs;
  t.notSame(swapped, once, 'another place is another sub-stream');
});

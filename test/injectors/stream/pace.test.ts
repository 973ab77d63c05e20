// Faults of time and of amount: the first event late, a narrow line, drips, text without end.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { bindFaults } from '../../../injectors/registry.ts';
import type { TimedEvent } from '../../../injectors/stream.ts';
import { play } from '../../fixtures/played-stream.ts';

test('only the first event waits, and the rest keeps its pace behind it', async (t) => {
  const { frames, dueMs, notes } = play(['ttft;for=500ms'], { texts: ['a', 'b'], gapMs: 10 });
  t.match(frames[0], { label: 'framing', dueMs: 0 }, 'the head does not wait');
  t.same(dueMs, [510, 520]);
  t.same(notes, ['ttft: the first event waits 500 ms']);
});

test('the jitter of the first event follows the seed', async (t) => {
  const first = (seed: number) => play(['ttft;for=100ms;jitter=50ms'], { seed }).dueMs[0] ?? 0;
  const seen = Array.from({ length: 200 }, (_, seed) => first(seed));
  t.ok(seen.every((due) => due >= 50 && due <= 150));
  t.ok(Math.min(...seen) < 60 && Math.max(...seen) > 140);
  t.equal(first(7), seen[7]);
});

test('a line of 1,000 bytes per second takes a millisecond for each', async (t) => {
  const texts = ['x'.repeat(40), 'y'.repeat(160)];
  const { frames, dueMs, text } = play(['bandwidth;rate=1000'], { texts });
  t.same(dueMs, [40, 200]);
  t.same(
    frames.map(({ bytes }) => bytes.length),
    [40, 50, 50, 50, 10],
    'pieces of a twentieth of a second',
  );
  t.equal(text, texts.join(''));
});

test('a line that is wide enough is not noticed', async (t) => {
  t.same(
    play(['bandwidth;rate=1GiB'], { gapMs: 10 }).dueMs.map(Math.round).slice(0, 3),
    [10, 20, 30],
  );
  t.equal(play(['bandwidth;rate=0'], { texts: ['ab'] }).dueMs[0], 2000, 'never less than one');
});

test('drips come one by one, and an event is over with its last', async (t) => {
  const { frames, eventCount, text } = play(['slow;gap=10ms;drip=3'], { texts: ['abcd', 'ef'] });
  t.same(
    frames.map(({ bytes, dueMs }) => [Buffer.from(bytes).toString(), dueMs]),
    [
      ['abc', 10],
      ['d', 20],
      ['ef', 30],
    ],
  );
  t.same([eventCount, text], [2, 'abcdef']);
});

test('a flood repeats its event up to the limit, and all goes on', async (t) => {
  const { text, notes } = play(['flood;at=2;limit=9'], { texts: ['aaa', 'bbb', 'c'] });
  t.equal(text, 'aaabbbbbbbbbbbbc');
  t.same(notes, ['flood: 9 bytes of text']);
});

test('a flood without a limit is endless, and made only as it is read', async (t) => {
  const { planned } = bindFaults([parseFaultWords('flood;gap=2ms')]);
  const source: TimedEvent[] = [{ event: { kind: 'text', text: 'ab' }, gapMs: 0 }];
  const context = { rng: seededRng(1), note() {} };
  const events = planned[0]?.bound.script?.(source, context as never)[Symbol.iterator]();
  for (let index = 0; index < 100_000; index++) events?.next();
  t.match(events?.next(), { done: false, value: { event: { text: 'ab' }, gapMs: 2 } });
});

test('a flood that meets no text, or no such event, changes nothing', async (t) => {
  t.equal(play(['flood;at=9'], { texts: ['a', ''] }).text, 'a');
});

test('a flood is not for answers that are built whole', async (t) => {
  const { text, notes } = play(['flood'], { texts: ['a'], framing: 'body' });
  t.equal(text, 'a');
  t.match(notes, [/^flood: does not apply because this answer is no stream/]);
});

// Faults at the two edges of an answer: before its head, and between its last event and its end.

import { test } from 'tap';
import { play } from '../../fixtures/played-stream.ts';

const broken = [
  { fault: 'truncate', headless: { kind: 'cut' }, last: { kind: 'complete' } },
  { fault: 'truncate;end=cut', headless: { kind: 'cut' }, last: { kind: 'cut' } },
  { fault: 'reset', headless: { kind: 'reset' }, last: { kind: 'reset' } },
  { fault: 'hang', headless: { kind: 'hang' }, last: { kind: 'hang' } },
  {
    fault: 'cancel;code=7',
    headless: { kind: 'cancel', code: 7 },
    last: { kind: 'cancel', code: 7 },
  },
  {
    fault: 'goaway;code=2;end=cut',
    headless: { kind: 'goaway', code: 2, last: 'this', next: 'cut' },
    last: { kind: 'goaway', code: 2, last: 'this', next: 'cut' },
  },
  {
    fault: 'bad-framing',
    headless: { kind: 'bad-framing' },
    last: { kind: 'bad-framing' },
  },
];

for (const { fault, headless, last } of broken) {
  test(`${fault} before the head sends nothing, not even the head`, async (t) => {
    const played = play([`${fault};at=headers`]);
    t.same(played.frames, []);
    t.same(played.ending, { ...headless, isHeadless: true });
    t.equal(played.notes.length, 1);
  });

  test(`${fault} after the last event sends all of them`, async (t) => {
    const played = play([`${fault};at=end`], { hasFraming: true });
    t.equal(played.eventCount, 10);
    t.same(played.ending, last);
    t.equal(played.notes.length, 1);
  });
}

test('an exception before the head is the answer', async (t) => {
  const { ending } = play(['exception;at=headers;name=quota']);
  t.match(ending, { kind: 'exception', place: 'response', name: 'quota' });
});

test('what has already ended otherwise is not ended again', async (t) => {
  const { ending, notes } = play(['drop;at=1', 'hang;at=end']);
  t.same(ending, { kind: 'hang' });
  t.equal(notes.length, 2);
  const again = play(['withhold-end'], { texts: [] });
  t.same([again.ending, again.frames], [{ kind: 'hang' }, []]);
});

test('a stall before the end holds back nothing but the end', async (t) => {
  const { dueMs, frames } = play(['stall;at=end;for=1s'], { gapMs: 10 });
  t.equal(dueMs.at(-1), 100);
  t.match(frames.at(-1), { label: 'framing', dueMs: 1100 });
  t.equal(frames.at(-1)?.bytes.length, 0);
});

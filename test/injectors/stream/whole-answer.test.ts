// Faults that are not about a position: noop, error, oversize.

import { test } from 'tap';
import { play } from '../../fixtures/played-stream.ts';

test('noop hands on every frame and the ending, and notes nothing', async (t) => {
  const plain = play([], { gapMs: 3, hasFraming: true });
  t.same(play(['noop'], { gapMs: 3, hasFraming: true }), plain);
  t.same(plain.notes, []);
});

test('error takes the place of the answer', async (t) => {
  const played = play(['error;name=quota;message=enough']);
  t.same(played.frames, []);
  const ending = { kind: 'exception', place: 'response', name: 'quota', message: 'enough' };
  t.same(played.ending, ending);
  t.same(played.notes, ['error: quota']);
});

test('oversize makes one event exactly as large as asked', async (t) => {
  const { frames, notes } = play(['oversize;size=1MiB;at=2']);
  t.same(
    frames.slice(0, 3).map(({ bytes }) => bytes.length),
    [4, 1_048_576, 4],
  );
  t.same(notes, ['oversize: text event 2 has 1048576 bytes']);
});

test('oversize beyond the last text changes nothing and notes nothing', async (t) => {
  t.same(play(['oversize;size=1MiB;at=11']), play([]));
});

test('an event that would not fit into one string is refused', async (t) => {
  t.throws(() => play(['oversize;size=257MiB']), /at most 256MiB/);
  t.throws(() => play(['error;name=\u2603']), /letters, digits/);
});

// A stall moves what comes after it in time and changes no byte.

import { test } from 'tap';
import { play } from '../../fixtures/played-stream.ts';

const undisturbed = '0000111122223333444455556666777788889999';

test('everything from the position on comes later by the length of the stall', async (t) => {
  const played = play(['stall;at=3;for=500ms'], { gapMs: 10 });
  t.same(played.dueMs, [10, 20, 30, 540, 550, 560, 570, 580, 590, 600]);
  t.equal(played.text, undisturbed);
  t.same(played.notes, ['stall: silent for 500 ms']);
});

test('a stall inside a frame divides it into two parts that are one event', async (t) => {
  for (const at of ['14B', 'mid-frame:3']) {
    const { frames, text, eventCount } = play([`stall;at=${at};for=1s`]);
    t.equal(text, undisturbed);
    t.equal(eventCount, 10);
    t.same(
      frames.slice(2, 6).map(({ bytes, dueMs }) => [bytes.toString(), dueMs]),
      [
        ['2222', 0],
        ['33', 0],
        ['33', 1000],
        ['4444', 1000],
      ],
      at,
    );
  }
});

test('a frame that is not divided keeps its regions', async (t) => {
  const { frames } = play(['stall;at=3;for=1s']);
  t.same(frames[3]?.regions, { payload: [0, 4] });
});

test('a stall of no length acts once and leaves every byte', async (t) => {
  for (const at of ['3', '6B', '50%', 'mid-frame:2']) {
    const played = play([`stall;at=${at};for=0ms`]);
    t.equal(played.text, undisturbed, at);
    t.same(played.notes, ['stall: silent for 0 ms'], at);
  }
});

test('a stall beyond the end changes nothing and notes nothing', async (t) => {
  for (const at of ['10', '100%', '40B', 'mid-frame:10']) {
    const played = play([`stall;at=${at};for=1s`]);
    t.same([...new Set(played.dueMs)], [0]);
    t.same([played.ending, played.notes], [{ kind: 'complete' }, []]);
  }
});

// Positions as words; how they act is tested with the faults that use them.

import { test } from 'tap';
import { explainPosition, parsePosition } from '../../injectors/position.ts';

test('every form of a position is read and explained', async (t) => {
  const rows = [
    ['3', { kind: 'event', index: 3 }, 'after 3 events'],
    ['50%', { kind: 'share', share: 0.5 }, 'after 50 % of the events'],
    ['12.5%', { kind: 'share', share: 0.125 }, 'after 13 % of the events'],
    ['4711B', { kind: 'byte', offset: 4711 }, 'at byte 4711'],
    ['4KiB', { kind: 'byte', offset: 4096 }, 'at byte 4096'],
    ['1MiB', { kind: 'byte', offset: 1_048_576 }, 'at byte 1048576'],
    ['mid-frame', { kind: 'mid-frame', index: undefined }, 'in the middle of the middle event'],
    ['mid-frame:3', { kind: 'mid-frame', index: 3 }, 'in the middle of event 3'],
  ] as const;
  for (const [words, position, sentence] of rows) {
    const found = parsePosition(words);
    t.same(found, position, words);
    t.equal(found && explainPosition(found), sentence);
  }
});

test('what is no position is refused', async (t) => {
  for (const words of ['', '-1', '101%', '1.5', '3 ', '4KB', 'mid-frame:', 'mid-frame:x', 'head']) {
    t.equal(parsePosition(words), undefined, words);
  }
});

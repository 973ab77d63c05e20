// Faults that leave out, repeat, swap, join or divide events: what a reader gets of ten events of
// four bytes, and that a fault which meets nothing changes nothing.

import { test } from 'tap';
import { play } from '../../fixtures/played-stream.ts';

const undisturbed = '0000111122223333444455556666777788889999';
const texts = ['aa', 'bb', 'cc', 'dd'];

const rows = [
  { fault: 'drop;at=2', text: 'aaccdd', notes: ['drop: event 2 left out'] },
  {
    fault: 'drop;at=3;count=9',
    text: 'aabb',
    notes: ['drop: event 3 left out', 'drop: event 4 left out'],
  },
  { fault: 'duplicate;at=2', text: 'aabbbbccdd', notes: ['duplicate: event 2 sent twice'] },
  {
    fault: 'duplicate;at=2;where=end',
    text: 'aabbccddbb',
    notes: ['duplicate: event 2 sent twice'],
  },
  { fault: 'reorder;at=2', text: 'aaccbbdd', notes: ['reorder: events 2 and 3 swapped'] },
  { fault: 'reorder;at=4', text: 'aabbccdd', notes: [] },
];

for (const { fault, text, notes } of rows) {
  test(`${fault} makes ${text} of aabbccdd`, async (t) => {
    const played = play([fault], { texts });
    t.equal(played.text, text);
    t.same(played.notes, notes);
    t.same(played.ending, { kind: 'complete' });
  });
}

for (const fault of [
  'drop;at=11',
  'duplicate;at=11',
  'reorder;at=11',
  'corrupt;at=11',
  'lie;at=11',
]) {
  test(`${fault} meets nothing in ten events and changes nothing`, async (t) => {
    t.same(play([fault]), play([]));
  });
}

test('swapped events change places, not times', async (t) => {
  const { text, dueMs } = play(['reorder;at=2'], { texts, gapMs: 5 });
  t.equal(text, 'aaccbbdd');
  t.same(dueMs, [5, 10, 15, 20]);
});

test('coalesced events wait for the last of their group', async (t) => {
  const { text, dueMs } = play(['coalesce;count=4'], { gapMs: 10 });
  t.equal(text, undisturbed);
  t.same(dueMs, [40, 40, 40, 40, 80, 80, 80, 80, 100, 100]);
});

test('a divided stream has the same bytes and events, each piece on its own', async (t) => {
  for (const bytes of [1, 3, 4, 5]) {
    const { text, eventCount, frames } = play([`split;bytes=${bytes}`]);
    t.equal(text, undisturbed);
    t.equal(eventCount, 10);
    t.ok(frames.every((frame) => frame.isAlone === true && frame.bytes.length <= bytes));
    t.equal(frames.length, 10 * Math.ceil(4 / bytes));
  }
});

test('garbage comes where it is asked for, is as long, and is the same for the same seed', async (t) => {
  const places = [
    { at: 'end', before: undisturbed, after: '' },
    { at: '3', before: undisturbed.slice(0, 12), after: undisturbed.slice(12) },
    { at: 'mid-frame:3', before: undisturbed.slice(0, 14), after: undisturbed.slice(14) },
  ];
  for (const { at, before, after } of places) {
    const { frames, eventCount } = play([`garbage;at=${at};bytes=9`]);
    const bytes = Buffer.concat(frames.map((frame) => frame.bytes)).toString('latin1');
    t.equal(bytes.length, undisturbed.length + 9);
    t.ok(bytes.startsWith(before) && bytes.endsWith(after), at);
    t.equal(eventCount, 10);
    t.same(play([`garbage;at=${at};bytes=9`]).frames, frames);
  }
  t.same(play(['garbage;at=headers']), play([]));
});

test('garbage among all events comes again before every so many', async (t) => {
  const once = play(['garbage;at=1;bytes=2'], { texts });
  t.equal(once.text.length, 10);
  const { frames } = play(['garbage;at=1;bytes=2;every=2'], { texts });
  t.same(
    frames.map(({ label }) => label),
    ['delta', 'framing', 'delta', 'delta', 'framing', 'delta'],
  );
});

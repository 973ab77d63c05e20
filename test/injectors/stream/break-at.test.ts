// Faults that end a stream at a position: what still goes out, and how it ends.

import { test } from 'tap';
import { play } from '../../fixtures/played-stream.ts';

const undisturbed = '0000111122223333444455556666777788889999';

const endings = [
  { fault: 'truncate', ending: { kind: 'complete' }, note: 'truncate: ended (clean)' },
  { fault: 'truncate;end=cut', ending: { kind: 'cut' }, note: 'truncate: ended (cut)' },
  { fault: 'reset', ending: { kind: 'reset' }, note: 'reset: reset' },
  { fault: 'hang', ending: { kind: 'hang' }, note: 'hang: hangs' },
  { fault: 'cancel;code=2', ending: { kind: 'cancel', code: 2 }, note: 'cancel: RST_STREAM 2' },
  {
    fault: 'exception;name=quota;message=no',
    ending: { kind: 'exception', place: 'stream', name: 'quota', message: 'no' },
    note: 'exception: quota',
  },
] as const;

const positions = [
  { at: '0', bytes: 0, events: 0 },
  { at: '3', bytes: 12, events: 3 },
  { at: '9', bytes: 36, events: 9 },
  { at: '0%', bytes: 0, events: 0 },
  { at: '50%', bytes: 20, events: 5 },
  { at: '99%', bytes: 36, events: 9 },
  { at: '0B', bytes: 0, events: 0 },
  { at: '8B', bytes: 8, events: 2 },
  { at: '9B', bytes: 9, events: 2 },
  { at: '39B', bytes: 39, events: 9 },
  { at: 'mid-frame', bytes: 22, events: 5 },
  { at: 'mid-frame:0', bytes: 2, events: 0 },
  { at: 'mid-frame:9', bytes: 38, events: 9 },
];

const beyond = ['10', '4711', '100%', '40B', '1KiB', 'mid-frame:10'];

for (const { fault, ending, note } of endings) {
  test(`${fault} lets exactly what is before its position out`, async (t) => {
    for (const { at, bytes, events } of positions) {
      const played = play([`${fault};at=${at}`]);
      t.equal(played.text, undisturbed.slice(0, bytes), `at=${at}`);
      t.equal(played.eventCount, events, `events at=${at}`);
      t.same(played.ending, ending);
      t.same(played.notes, [note]);
    }
  });

  test(`${fault} beyond the end changes nothing and notes nothing`, async (t) => {
    for (const at of beyond) {
      const played = play([`${fault};at=${at}`]);
      t.equal(played.text, undisturbed, `at=${at}`);
      t.same(played.ending, { kind: 'complete' });
      t.same(played.notes, []);
    }
  });
}

test('framing bytes are no events, but they are bytes', async (t) => {
  const hasFraming = true;
  t.equal(play(['truncate;at=0'], { hasFraming }).text, '[');
  t.equal(play(['truncate;at=2'], { hasFraming }).text, '[00001111');
  t.equal(play(['truncate;at=2B'], { hasFraming }).text, '[0');
  t.equal(play(['truncate;at=mid-frame:1'], { hasFraming }).text, '[000011');
  t.equal(play(['truncate;at=100%'], { hasFraming }).text, `[${undisturbed}]`);
});

test('a share of an answer that is one frame is a share of its bytes', async (t) => {
  const texts = ['0123456789'];
  t.equal(play(['truncate;at=50%'], { texts }).text, '01234');
  t.equal(play(['truncate;at=0%'], { texts }).text, '');
  t.equal(play(['truncate;at=50%'], { texts, hasFraming: true }).text, '[01234');
  const whole = play(['truncate;at=100%;end=cut'], { texts });
  t.same([whole.text, whole.ending, whole.notes], ['0123456789', { kind: 'complete' }, []]);
});

test('an empty stream ends as it would have', async (t) => {
  for (const at of ['0', '50%', '0B', 'mid-frame']) {
    const played = play([`reset;at=${at}`], { texts: [] });
    t.same([played.ending, played.notes], [{ kind: 'complete' }, []], `at=${at}`);
  }
});

test('a part of a frame does not claim regions that it no longer has', async (t) => {
  const { frames } = play(['truncate;at=mid-frame:1']);
  t.same(
    frames.map(({ regions }) => regions),
    [{ payload: [0, 4] }, undefined],
  );
});

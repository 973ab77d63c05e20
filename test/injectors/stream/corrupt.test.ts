// Corrupt flips bits where the codec says a region begins, in one event and in nothing else.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { corrupt } from '../../../injectors/stream/corrupt.ts';
import { complete, type Frame, type FrameStream } from '../../../injectors/stream.ts';

const regions = { header: [0, 2], payload: [2, 4] } as const;
const frame = (label: Frame['label']): Frame => ({
  bytes: Buffer.from([1, 2, 3, 4]),
  label,
  dueMs: 0,
  regions,
});

function* source(): FrameStream {
  for (const label of ['start', 'framing', 'delta', 'stop'] as const) yield frame(label);
  return complete;
}

const notes: string[] = [];

function corrupted(options: Readonly<Record<string, string | number>>, seed = 1): number[][] {
  const { fault, problems } = corrupt.bind(options);
  if (fault?.wire === undefined) throw new Error(problems.join(' '));
  notes.length = 0;
  const note = (what: string) => void notes.push(what);
  const answer = { transport: 'http1', framing: 'event-stream' } as const;
  const context = { rng: seededRng(seed), totalEvents: 3, ...answer, note };
  return [...fault.wire(source(), context)].map(({ bytes }) => [...bytes]);
}

const whole = [1, 2, 3, 4];

test('the payload of the named event alone differs, framing not counted', (t) => {
  t.same(corrupted({ at: 2, mask: 1 }), [whole, whole, [1, 2, 2, 4], whole]);
  t.end();
});

test('another region can be named', (t) => {
  t.same(corrupted({ at: 1, region: 'header', mask: 4 })[0], [5, 2, 3, 4]);
  t.end();
});

test('a region the frame does not have leaves it alone, and the journal says why', (t) => {
  t.same(corrupted({ at: 3, region: 'checksum', mask: 2 })[3], whole);
  t.same(notes, ['does not apply because event 3 has no checksum; it has: header, payload']);
  t.end();
});

test('any bit of a region, and any byte, by the seed', (t) => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);
  const hit = (flip: string) =>
    seeds.map((seed) => {
      const bytes = corrupted({ at: 2, flip }, seed)[2] ?? [];
      return bytes.map((byte, index) => byte ^ (whole[index] ?? 0));
    });
  const bits = new Set(hit('bit').map((changed) => changed.join()));
  t.equal(bits.size, 16, 'eight bits of each of the two bytes, one at a time');
  t.same([...new Set(hit('byte').map((changed) => changed.join()))].sort(), [
    '0,0,0,255',
    '0,0,255,0',
  ]);
  t.same(hit('bit'), hit('bit'));
  t.end();
});

test('json is another name of a payload that is JSON', (t) => {
  t.same(corrupted({ at: 2, region: 'json', mask: 1 }), corrupted({ at: 2, mask: 1 }));
  t.end();
});

test('an event that never comes leaves all as it was', (t) => {
  t.same(corrupted({ at: 9 }), [whole, whole, whole, whole]);
  t.end();
});

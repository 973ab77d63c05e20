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

function corrupted(options: Readonly<Record<string, string | number>>): number[][] {
  const { fault, problems } = corrupt.bind(options);
  if (fault?.wire === undefined) throw new Error(problems.join(' '));
  const context = { rng: seededRng(1), totalEvents: 3, transport: 'http1', framing: 'event-stream', note: () => {} } as const;
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

test('a region the frame does not have gives its first byte', (t) => {
  t.same(corrupted({ at: 3, region: 'checksum', mask: 2 })[3], [3, 2, 3, 4]);
  t.end();
});

test('an event that never comes leaves all as it was', (t) => {
  t.same(corrupted({ at: 9 }), [whole, whole, whole, whole]);
  t.end();
});

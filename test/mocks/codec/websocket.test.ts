// Frames of every length form, against the receiver of `ws`, and the tracker over any splitting.

import type { Writable } from 'node:stream';
import { test } from 'tap';
import * as library from 'ws';
import { seededRng } from '../../../injectors/determinism.ts';
import { frameTracker, opcodes, websocketFrame } from '../../../mocks/codec/websocket.ts';

/** Exported by the library, though not by its types. */
const { Receiver } = library as unknown as { Receiver: new (options: object) => Writable };

const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000];

test('ws reads every frame as it was meant', async (t) => {
  for (const length of lengths) {
    const payload = Buffer.alloc(length, 7);
    const receiver = new Receiver({ isServer: false });
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    receiver.on('message', resolve);
    receiver.on('error', reject);
    receiver.write(websocketFrame('delta', opcodes.binary, payload).bytes);
    t.ok(payload.equals(await promise), `${length} bytes`);
  }
});

test('regions say where header, length and payload lie', (t) => {
  const regionsOf = (length: number) =>
    websocketFrame('delta', opcodes.text, 'x'.repeat(length)).regions;
  t.same(regionsOf(5), { header: [0, 2], length: [1, 2], payload: [2, 7] });
  t.same(regionsOf(126), { header: [0, 4], length: [2, 4], payload: [4, 130] });
  t.match(regionsOf(65_536), { header: [0, 10], length: [4, 10] });
  t.end();
});

test('the tracker stops at the end of each frame, however the bytes are split', (t) => {
  const rng = seededRng(2);
  const frames = lengths.map((length) => websocketFrame('delta', 2, Buffer.alloc(length)).bytes);
  const ends = frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length);
  const bytes = Buffer.concat(frames);
  const tracker = frameTracker();
  const seen: number[] = [];
  for (let start = 0; start < bytes.length; ) {
    const part = bytes.subarray(start, start + rng.integer(1, rng.pick([3, 5000])));
    for (let at = 0; at < part.length; ) {
      at = tracker.take(part, at);
      if (tracker.isBetween) seen.push(start + at);
    }
    start += part.length;
  }
  t.same(seen, ends);
  t.end();
});

test('a frame that is not whole is under way', (t) => {
  const tracker = frameTracker();
  const { bytes } = websocketFrame('delta', 2, 'abcdef');
  tracker.take(bytes.subarray(0, -1), 0);
  t.equal(tracker.isBetween, false);
  tracker.take(bytes.subarray(-1), 0);
  t.equal(tracker.isBetween, true);
  t.end();
});

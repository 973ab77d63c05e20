// A line of so many bytes per second: frames go out as they would over it, in pieces of a twentieth
// of a second, whatever the events in them are.

import { defineInjector } from '../injector.ts';
import { size } from '../options.ts';
import { piecesOf } from './pieces.ts';

const piecesPerSecond = 20;

export const bandwidth = defineInjector({
  name: 'bandwidth',
  family: 'stream',
  summary: 'Sends no more than so many bytes per second.',
  options: { rate: size('16KiB', 'bytes per second, at least 1', { maxMiB: 1024 }) },
  example: 'bandwidth;rate=64KiB',
  explain: ({ rate }) => `sends at most ${rate} bytes per second`,
  *wire(frames, { rate }, context) {
    const bytesPerMs = Math.max(1, rate) / 1000;
    const length = Math.max(1, Math.floor(rate / piecesPerSecond));
    let freeMs = 0;
    context.note(`at most ${rate} bytes per second`);
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      const frame = step.value;
      for (const piece of frame.bytes.length > length ? piecesOf(frame, length) : [frame]) {
        freeMs = Math.max(freeMs, frame.dueMs) + piece.bytes.length / bytesPerMs;
        yield { ...piece, dueMs: freeMs };
      }
    }
  },
});

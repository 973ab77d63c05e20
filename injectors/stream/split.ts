// Sends a stream in pieces of a few bytes, each in a write of its own: decoders meet every boundary
// there is, and the cost of each read shows.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';

export const split = defineInjector({
  name: 'split',
  family: 'stream',
  summary: 'Sends the stream in tiny pieces, each in a write of its own.',
  options: { bytes: integer(1, 'length of a piece', { min: 1, max: 65_536 }) },
  example: 'split;bytes=1',
  explain: ({ bytes }) => `writes ${bytes} bytes at a time`,
  *wire(frames, { bytes: length }, context) {
    context.note(`${length} bytes at a time`);
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      const { bytes, label, dueMs } = step.value;
      for (let start = 0; start < bytes.length; start += length) {
        // Only with its last piece has an event been sent, and regions do not hold for pieces.
        const isLast = start + length >= bytes.length;
        const piece = bytes.subarray(start, start + length);
        yield { bytes: piece, label: isLast ? label : 'framing', dueMs, isAlone: true };
      }
    }
  },
});

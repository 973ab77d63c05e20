// Sends a stream in pieces of a few bytes, each in a write of its own: decoders meet every boundary
// there is, and the cost of each read shows.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';
import { piecesOf } from './pieces.ts';

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
      for (const piece of piecesOf(step.value, length)) yield { ...piece, isAlone: true };
    }
  },
});

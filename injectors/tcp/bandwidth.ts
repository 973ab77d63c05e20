// At most `rate` kilobytes (1,000 bytes) a second in one direction of a connection. Chunks are cut
// into pieces of a tenth of a second, so that a low rate is a trickle and not bursts.

import { integer } from '../options.ts';
import { defineToxic, pass } from './toxic.ts';

const pieceMs = 100;

export const bandwidth = defineToxic({
  type: 'bandwidth',
  summary: 'At most so many kilobytes a second on each TCP connection.',
  attributes: {
    rate: integer(0, 'kilobytes a second; 0 lets nothing through', { min: 0, max: 2 ** 40 }),
  },
  example: 'rate=64',
  explain: ({ rate }) => `${rate} kB/s at most`,
  // A rate of 1 kB/s is one byte in a millisecond.
  flow: ({ rate }) => ({
    release({ lengthBytes, startMs }) {
      if (rate === 0) return { kind: 'hold' };
      const bytes = Math.min(lengthBytes, rate * pieceMs);
      return pass(bytes, startMs + bytes / rate);
    },
  }),
});

// Data goes on in small pieces, each in a write of its own, with a pause after each. What arrives
// in one read on the other side is still up to the kernel; a pause keeps the pieces apart.

import { integer } from '../options.ts';
import { defineToxic, pass } from './toxic.ts';

const anySize = { min: 0, max: 2 ** 40 };

export const slicer = defineToxic({
  type: 'slicer',
  summary: 'TCP data goes on in small pieces, with a pause between them.',
  attributes: {
    average_size: integer(0, 'bytes in a piece on average; 0 cuts nothing', anySize),
    size_variation: integer(0, 'bytes more or less; smaller than average_size', anySize),
    delay: integer(0, 'microseconds after each piece', { min: 0, max: 2 ** 40 }),
  },
  example: 'average_size=64;size_variation=32;delay=1000',
  explain: ({ average_size, size_variation, delay }) =>
    `pieces of ${average_size} B (± ${size_variation} B), ${delay} µs apart`,
  flow({ average_size, size_variation, delay }, rng) {
    let notBeforeMs = 0;
    return {
      release({ lengthBytes, startMs }) {
        const off = size_variation > 0 ? rng.integer(-size_variation, size_variation) : 0;
        const size = average_size === 0 ? lengthBytes : Math.max(1, average_size + off);
        const atMs = Math.max(startMs, notBeforeMs);
        notBeforeMs = atMs + delay / 1000;
        return pass(Math.min(lengthBytes, size), atMs);
      },
    };
  },
});

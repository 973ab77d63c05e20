// The options that both floods have.

import { choice, integer } from '../options.ts';
import { position } from '../position.ts';

export const floodOptions = {
  at: position('50%', 'where the flood comes'),
  count: integer(5000, 'how many frames', { min: 1, max: 10_000 }),
  end: choice(['complete', 'hang'], 'complete', 'what follows'),
} as const;

// A head with far more headers than any client should take; each has a limit of its own.

import { defineInjector } from '../injector.ts';
import { integer, size } from '../options.ts';
import { needsOwnHead } from '../stream/needs-head.ts';

export const headerBomb = defineInjector({
  name: 'header-bomb',
  family: 'response',
  summary: 'Answers with very many or very large headers.',
  options: {
    count: integer(64, 'how many', { min: 1, max: 10_000 }),
    size: size('1KiB', 'bytes in each', { maxMiB: 1 }),
  },
  example: 'header-bomb;count=3;size=16B',
  explain: ({ count, size: bytes }) => `adds ${count} headers of ${bytes} bytes`,
  notOn: needsOwnHead,
  head: (head, { count, size: bytes }, context) => {
    context.note(`${count} headers of ${bytes} bytes`);
    const bomb = Array.from({ length: count }, (_, index) => [
      `x-leakbed-bomb-${index}`,
      'b'.repeat(bytes),
    ]);
    return { ...head, headers: { ...head.headers, ...Object.fromEntries(bomb) } };
  },
});

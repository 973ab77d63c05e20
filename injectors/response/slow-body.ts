// The head comes at once and the body in drips: each read gives a client a few bytes, so that no
// timeout between two reads ever runs out.

import { defineInjector } from '../injector.ts';
import { duration, size } from '../options.ts';
import { piecesOf } from '../stream/pieces.ts';

export const slowBody = defineInjector({
  name: 'slow-body',
  family: 'response',
  summary: 'Sends the body in drips, whatever events it has.',
  options: {
    drip: size('16B', 'bytes at a time', { maxMiB: 1 }),
    gap: duration('100ms', 'pause between two drips'),
  },
  example: 'slow-body;drip=64B;gap=2ms',
  explain: ({ drip, gap }) => `sends ${drip} bytes every ${gap} ms`,
  *wire(frames, { drip, gap }, context) {
    const length = Math.max(1, drip);
    let soonestMs = 0;
    context.note(`${length} bytes every ${gap} ms`);
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      if (step.value.isIdle === true) {
        yield step.value;
        continue;
      }
      for (const drop of piecesOf(step.value, length)) {
        const dueMs = Math.max(soonestMs, step.value.dueMs);
        soonestMs = dueMs + gap;
        yield { ...drop, dueMs, isAlone: true };
      }
    }
  },
});

// Stretches a stream: every event waits for at least `gap` after the one before it. Time already
// waited counts, so a stream that is slow by itself is not slowed twice.

import { defineInjector } from '../injector.ts';
import { duration } from '../options.ts';
import { isEvent } from '../stream.ts';

export const slow = defineInjector({
  name: 'slow',
  family: 'stream',
  summary: 'Puts a pause before every event.',
  options: {
    gap: duration('100ms', 'shortest pause between two events'),
    jitter: duration('0ms', 'each pause varies by up to this much either way'),
  },
  example: 'slow;gap=20ms;jitter=5ms',
  explain: ({ gap, jitter }) => `waits ${gap} ms (± ${jitter} ms) before every event`,
  *wire(frames, { gap, jitter }, context) {
    let previousMs = 0;
    context.note(`slowed to one event per ${gap} ms`);
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      const pause = Math.max(0, gap + (context.rng.next() * 2 - 1) * jitter);
      const earliestMs = isEvent(step.value) ? previousMs + pause : previousMs;
      previousMs = Math.max(step.value.dueMs, earliestMs);
      yield { ...step.value, dueMs: previousMs };
    }
  },
});

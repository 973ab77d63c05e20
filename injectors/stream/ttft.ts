// Time to first token: the head comes at once and then nothing, until the first event does and the
// rest follows at its own pace. Clients that set a timer by the head have it run out here.

import { defineInjector } from '../injector.ts';
import { duration } from '../options.ts';

export const ttft = defineInjector({
  name: 'ttft',
  family: 'stream',
  summary: 'Makes the first event wait; the head comes at once.',
  options: {
    for: duration('2s', 'how long the first event waits'),
    jitter: duration('0ms', 'varies by up to this much either way'),
  },
  example: 'ttft;for=50ms',
  explain: ({ for: wait, jitter }) => `makes the first event wait ${wait} ms (± ${jitter} ms)`,
  *wire(frames, { for: wait, jitter }, context) {
    const delayMs = Math.max(0, wait + (context.rng.next() * 2 - 1) * jitter);
    context.note(`the first event waits ${Math.round(delayMs)} ms`);
    // A stream without a frame has a head all the same, and that is what must not wait.
    yield { bytes: Buffer.alloc(0), label: 'framing', dueMs: 0 };
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      yield { ...step.value, dueMs: step.value.dueMs + delayMs };
    }
  },
});

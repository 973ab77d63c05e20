// Stops a stream for a while and lets it go on: the silence that clients without an idle timer
// wait through for ever.

import { defineInjector } from '../injector.ts';
import { duration } from '../options.ts';
import { explainPosition, position, trackPosition } from '../position.ts';

export const stall = defineInjector({
  name: 'stall',
  family: 'stream',
  summary: 'Falls silent at a position, for a time, and then goes on.',
  options: {
    at: position('50%', 'where the silence begins'),
    for: duration('10s', 'how long it lasts'),
  },
  example: 'stall;at=2;for=300ms',
  head: (head, { at, for: silence }, context) => {
    if (at.kind !== 'headers') return head;
    context.note(`silent for ${silence} ms before the head`);
    return { ...head, dueMs: head.dueMs + silence };
  },
  explain: ({ at, for: silence }) => `is silent for ${silence} ms ${explainPosition(at)}`,
  *wire(frames, { at, for: silence }, context) {
    const offsetIn = trackPosition(at, context.totalEvents);
    let delayMs = 0;
    let isDone = false;
    let lastMs = 0;
    for (;;) {
      const step = frames.next();
      if (step.done) {
        if (at.kind !== 'end') return step.value;
        context.note(`silent for ${silence} ms before the end`);
        yield { bytes: Buffer.alloc(0), label: 'framing', dueMs: lastMs + silence };
        return step.value;
      }
      lastMs = step.value.dueMs;
      const frame = { ...step.value, dueMs: step.value.dueMs + delayMs };
      const offset = isDone ? undefined : offsetIn(step.value);
      if (offset === undefined) {
        yield frame;
        continue;
      }
      isDone = true;
      delayMs = silence;
      context.note(`silent for ${silence} ms`);
      const { bytes, label, dueMs } = frame;
      if (offset === 0) {
        yield { ...frame, dueMs: dueMs + delayMs };
        continue;
      }
      // The halves of a divided frame count as one event, and its regions no longer hold.
      yield { bytes: bytes.subarray(0, offset), label: 'framing', dueMs };
      yield { bytes: bytes.subarray(offset), label, dueMs: dueMs + delayMs };
    }
  },
});

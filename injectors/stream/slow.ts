// Stretches a stream: every event, or every drip of bytes, waits for at least `gap` after the one
// before it. Time already waited counts, so a stream that is slow by itself is not slowed twice.

import { defineInjector } from '../injector.ts';
import { duration, size } from '../options.ts';
import { type Frame, isEvent } from '../stream.ts';
import { piecesOf } from './pieces.ts';

export const slow = defineInjector({
  name: 'slow',
  family: 'stream',
  summary: 'Puts a pause before every event, or before every few bytes.',
  options: {
    gap: duration('100ms', 'shortest pause between two events'),
    jitter: duration('0ms', 'each pause varies by up to this much either way'),
    drip: size('0', 'bytes of an event that go out at a time; 0: all of it', { maxMiB: 1 }),
  },
  example: 'slow;gap=20ms;jitter=5ms',
  explain: ({ gap, jitter, drip }) =>
    `waits ${gap} ms (± ${jitter} ms) before every ${drip === 0 ? 'event' : `${drip} bytes`}`,
  *wire(frames, { gap, jitter, drip }, context) {
    let previousMs = 0;
    const unit = drip === 0 ? 'one event' : `${drip} bytes`;
    context.note(`slowed to ${unit} per ${gap} ms`);
    const isPart = (frame: Frame) => isEvent(frame) || drip > 0;
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      for (const part of drip === 0 ? [step.value] : piecesOf(step.value, drip)) {
        const pause = Math.max(0, gap + (context.rng.next() * 2 - 1) * jitter);
        previousMs = Math.max(part.dueMs, isPart(part) ? previousMs + pause : previousMs);
        yield { ...part, dueMs: previousMs };
      }
    }
  },
});

// Bytes that belong to no event, between two of them, among all of them or after the last, as a
// proxy leaves them that mixes up its buffers.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';
import { explainPosition, position, trackPosition } from '../position.ts';
import { type Frame, isEvent } from '../stream.ts';

export const garbage = defineInjector({
  name: 'garbage',
  family: 'stream',
  summary: 'Puts random bytes between two events, among all, or after the last.',
  options: {
    at: position('end', 'where the bytes come'),
    bytes: integer(9, 'how many', { min: 1, max: 1_048_576 }),
    every: integer(0, 'comes again before every so many events from there on; 0: only once', {
      min: 0,
      max: 10_000_000,
    }),
  },
  example: 'garbage;at=2;every=3',
  explain: ({ at, bytes }) =>
    `sends ${bytes} random bytes ${explainPosition(at)}; there are none before a head`,
  *wire(frames, { at, bytes, every }, context) {
    const offsetIn = trackPosition(at, context.totalEvents);
    let isDone = at.kind === 'headers';
    let lastMs = 0;
    let eventsSince = 0;
    const random = (dueMs: number): Frame => {
      isDone = true;
      context.note(`${bytes} random bytes`);
      const noise = Buffer.alloc(bytes).map(() => context.rng.integer(0, 255));
      return { bytes: noise, label: 'framing', dueMs };
    };
    for (;;) {
      const step = frames.next();
      if (step.done) {
        if (!isDone && at.kind === 'end') yield random(lastMs);
        return step.value;
      }
      const { bytes: whole, label, dueMs } = step.value;
      lastMs = dueMs;
      const offset = isDone ? undefined : offsetIn(step.value);
      if (isDone && every > 0 && isEvent(step.value) && ++eventsSince % every === 0) {
        yield random(dueMs);
      }
      if (offset === undefined) {
        yield step.value;
        continue;
      }
      if (offset > 0) yield { bytes: whole.subarray(0, offset), label: 'framing', dueMs };
      yield random(dueMs);
      yield offset > 0 ? { bytes: whole.subarray(offset), label, dueMs } : step.value;
    }
  },
});

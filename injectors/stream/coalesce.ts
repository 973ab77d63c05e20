// Holds events back and lets them go together, as a buffering proxy does: clients see bursts, and
// several events in one read.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';
import { type Frame, isEvent } from '../stream.ts';

export const coalesce = defineInjector({
  name: 'coalesce',
  family: 'stream',
  summary: 'Holds events back and sends several at once.',
  options: { count: integer(10, 'events that go out together', { min: 2, max: 10_000 }) },
  example: 'coalesce;count=4',
  explain: ({ count }) => `sends ${count} events at a time`,
  *wire(frames, { count }, context) {
    context.note(`${count} events at a time`);
    let group: Frame[] = [];
    let events = 0;
    const released = () => {
      const dueMs = group.at(-1)?.dueMs ?? 0;
      const together = group.map((frame) => ({ ...frame, dueMs }));
      group = [];
      events = 0;
      return together;
    };
    for (;;) {
      const step = frames.next();
      if (step.done) {
        yield* released();
        return step.value;
      }
      if (step.value.isIdle === true) {
        yield step.value;
        continue;
      }
      group.push(step.value);
      if (isEvent(step.value)) events += 1;
      if (events === count) yield* released();
    }
  },
});

// Two neighbours change places, each at the other's time.

import { defineInjector } from '../injector.ts';
import { type Frame, isEvent } from '../stream.ts';
import { whichEvent } from './replace-event.ts';

export const reorder = defineInjector({
  name: 'reorder',
  family: 'stream',
  summary: 'Swaps one event with the next.',
  options: { at: whichEvent(2, 'the event that comes one too late, counted from 1') },
  example: 'reorder;at=3',
  explain: ({ at }) => `sends event ${at} behind the one that follows it`,
  *wire(frames, { at }, context) {
    let events = 0;
    let late: Frame | undefined;
    for (;;) {
      const step = frames.next();
      if (step.done) {
        if (late !== undefined) yield late;
        return step.value;
      }
      const frame = step.value;
      if (isEvent(frame)) events += 1;
      if (isEvent(frame) && events === at) {
        late = frame;
      } else if (isEvent(frame) && late !== undefined) {
        context.note(`events ${at} and ${at + 1} swapped`);
        yield { ...frame, dueMs: late.dueMs };
        yield { ...late, dueMs: frame.dueMs };
        late = undefined;
      } else yield frame;
    }
  },
});

// Leaves events out: a gap in the text, a block that is never closed, a stream without its start.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';
import { isEvent } from '../stream.ts';
import { whichEvent } from './replace-event.ts';

export const drop = defineInjector({
  name: 'drop',
  family: 'stream',
  summary: 'Leaves one or more events out.',
  options: {
    at: whichEvent(2, 'the first that is left out, counted from 1'),
    count: integer(1, 'how many', { min: 1, max: 10_000_000 }),
  },
  example: 'drop;at=3;count=2',
  explain: ({ at, count }) => `leaves out ${count} events from event ${at} on`,
  *wire(frames, { at, count }, context) {
    let events = 0;
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      if (isEvent(step.value)) events += 1;
      const isDropped = isEvent(step.value) && events >= at && events < at + count;
      if (isDropped) context.note(`event ${events} left out`);
      else yield step.value;
    }
  },
});

// Sends one event twice: at once, or again after the last, where no client expects anything.

import { defineInjector } from '../injector.ts';
import { choice } from '../options.ts';
import type { Frame } from '../stream.ts';
import { replaceEvent, whichEvent } from './replace-event.ts';

export const duplicate = defineInjector({
  name: 'duplicate',
  family: 'stream',
  summary: 'Sends one event a second time, at once or after the last.',
  options: {
    at: whichEvent(2),
    where: choice(['next', 'end'], 'next', 'where the second one comes'),
  },
  example: 'duplicate;at=3',
  explain: ({ at, where }) =>
    `sends event ${at} again ${where === 'next' ? 'at once' : 'after the last'}`,
  *wire(frames, { at, where }, context) {
    let again: Frame | undefined;
    const ending = yield* replaceEvent(frames, at, (frame) => {
      context.note(`event ${at} sent twice`);
      if (where === 'next') return [frame, frame];
      again = frame;
      return [frame];
    });
    // Time does not go back: what is due already goes out behind what was sent before it.
    if (again !== undefined && ending.kind === 'complete') yield again;
    return ending;
  },
});

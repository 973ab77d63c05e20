// What all faults that act on one event share: frames pass, and the event with the given number is
// replaced by what the fault makes of it.

import { integer } from '../options.ts';
import { type Frame, type FrameStream, isEvent } from '../stream.ts';

/** The option that says which event. */
export const whichEvent = (fallback: number, help = 'which event, counted from 1') =>
  integer(fallback, help, { min: 1, max: 10_000_000 });

export function* replaceEvent(
  frames: FrameStream,
  at: number,
  act: (frame: Frame) => readonly Frame[],
): FrameStream {
  let events = 0;
  for (;;) {
    const step = frames.next();
    if (step.done) return step.value;
    const isOne = isEvent(step.value);
    if (isOne) events += 1;
    if (isOne && events === at) yield* act(step.value);
    else yield step.value;
  }
}

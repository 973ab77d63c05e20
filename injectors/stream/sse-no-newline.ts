// Server-sent events without the blank line that ends them. Without it the last event is incomplete
// and has to be dropped at the end of the stream (WHATWG HTML section 9.2.6), and any others run
// into the next.

import { defineInjector } from '../injector.ts';
import { choice } from '../options.ts';
import { type Frame, isEvent } from '../stream.ts';
import { onlyIn } from './only-in.ts';

export const sseNoNewline = defineInjector({
  name: 'sse-no-newline',
  family: 'stream',
  summary: 'Leaves out the blank line after the last server-sent event, or after all.',
  options: { where: choice(['last', 'all'], 'last', 'which events have none') },
  example: 'sse-no-newline',
  notOn: onlyIn('sse', 'lines'),
  explain: ({ where }) => `leaves out the blank line after the ${where} event(s)`,
  *wire(frames, { where }, context) {
    let held: Frame | undefined;
    for (;;) {
      const step = frames.next();
      if (step.done) {
        if (held !== undefined) yield unended(held, context.note);
        return step.value;
      }
      if (step.value.isIdle === true) {
        yield step.value;
        continue;
      }
      if (held !== undefined) yield where === 'all' ? unended(held, context.note) : held;
      held = undefined;
      if (isEvent(step.value)) held = step.value;
      else yield step.value;
    }
  },
});

function unended(frame: Frame, note: (what: string) => void): Frame {
  const [start] = frame.regions?.separator ?? [frame.bytes.length];
  if (start === frame.bytes.length) {
    note('does not apply because the event has no separator left');
    return frame;
  }
  note('no blank line after an event');
  return { ...frame, bytes: frame.bytes.subarray(0, start) };
}

// A JSON array whose closing bracket never comes, in a message that ends properly: clients that
// parse the whole fail, those that parse as it comes have all they were sent.

import { defineInjector } from '../injector.ts';
import { type Frame, isEvent } from '../stream.ts';
import { onlyIn } from './only-in.ts';

export const arrayNeverClosed = defineInjector({
  name: 'array-never-closed',
  family: 'stream',
  summary: 'Leaves out the bracket that closes the JSON array.',
  options: {},
  example: 'array-never-closed',
  notOn: onlyIn('json-array', 'closing bracket'),
  explain: () => 'ends the message without closing the array in it',
  *wire(frames, _options, context) {
    let held: Frame | undefined;
    for (;;) {
      const step = frames.next();
      if (step.done) {
        if (held !== undefined) context.note('the array is not closed');
        return step.value;
      }
      if (step.value.isIdle === true) {
        yield step.value;
        continue;
      }
      if (held !== undefined) yield held;
      held = undefined;
      if (isEvent(step.value)) yield step.value;
      else held = step.value;
    }
  },
});

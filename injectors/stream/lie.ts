// A declared length that is not the real one: the next message is then looked for in the wrong
// place, or memory is reserved for what never comes.

import { defineInjector } from '../injector.ts';
import { choice } from '../options.ts';
import type { Frame } from '../stream.ts';
import { claim, declare } from './declared-length.ts';
import { replaceEvent, whichEvent } from './replace-event.ts';

const undeclared = 'its events declare no length';

export const lie = defineInjector({
  name: 'lie',
  family: 'stream',
  summary: 'Declares another length for one event than it has.',
  options: {
    at: whichEvent(2),
    length: claim('+1', 'what is declared'),
    checks: choice(['broken', 'mended'], 'broken', 'mended: checksums are made right again'),
  },
  example: 'lie;at=2;length=+7',
  notOn: { sse: undeclared, 'json-array': undeclared },
  explain: ({ at }) => `declares a false length for event ${at}`,
  wire: (frames, { at, length, checks }, context) =>
    replaceEvent(frames, at, (frame) => {
      const region = frame.regions?.length;
      if (region === undefined) {
        context.note(`does not apply because event ${at} declares no length`);
        return [frame];
      }
      const bytes = Buffer.from(frame.bytes);
      const declared = declare(bytes, region, length);
      if (checks === 'mended') frame.seal?.(bytes);
      context.note(`event ${at} declares ${declared} bytes`);
      return [{ ...frame, bytes } satisfies Frame];
    }),
});

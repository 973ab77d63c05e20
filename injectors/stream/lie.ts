// A declared length that is not the real one: the next message is then looked for in the wrong
// place, or memory is reserved for what never comes.

import { defineInjector } from '../injector.ts';
import { choice, type OptionType } from '../options.ts';
import type { Frame } from '../stream.ts';
import { replaceEvent, whichEvent } from './replace-event.ts';

const accepts = 'a length (0, 15), a difference (+7, -1) or max';

/** From the real length to the declared one; undefined stands for the largest there is. */
type Claim = (real: number) => number | undefined;

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
  explain: ({ at }) => `declares a false length for event ${at}; SSE and JSON declare none`,
  wire: (frames, { at, length, checks }, context) =>
    replaceEvent(frames, at, (frame) => {
      const region = frame.regions?.length;
      if (region === undefined) return [frame];
      const bytes = Buffer.from(frame.bytes);
      const declared = declare(bytes, region, length);
      if (checks === 'mended') frame.seal?.(bytes);
      context.note(`event ${at} declares ${declared} bytes`);
      return [{ ...frame, bytes } satisfies Frame];
    }),
});

function declare(bytes: Buffer, [start, end]: readonly [number, number], lied: Claim): number {
  const width = end - start;
  const largest = 2 ** (8 * width) - 1;
  const wanted = lied(bytes.readUIntBE(start, width)) ?? largest;
  const declared = Math.max(0, Math.min(wanted, largest));
  bytes.writeUIntBE(declared, start, width);
  return declared;
}

function claim(fallback: string, help: string): OptionType<Claim> {
  return {
    accepts,
    fallback,
    help,
    parse(raw) {
      const text = String(raw).trim();
      if (text === 'max') return () => undefined;
      if (!/^[+-]?\d{1,10}$/.test(text)) throw new RangeError(accepts);
      const isDifference = /^[+-]/.test(text);
      return (real) => (isDifference ? real : 0) + Number(text);
    },
  };
}

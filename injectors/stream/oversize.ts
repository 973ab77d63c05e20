// Makes one piece of text huge: a single event of many MiB, which clients that join or re-scan
// buffers pay for in memory and quadratic time.

import { defineInjector } from '../injector.ts';
import { integer, size } from '../options.ts';

/** Text of an exact size without building it twice. */
const filler = 'leakbed fills one oversized event with plain text, again and again. ';

export const oversize = defineInjector({
  name: 'oversize',
  family: 'stream',
  summary: 'Makes one text event as large as you say.',
  options: {
    size: size('16MiB', 'bytes of text in the one event', { maxMiB: 256 }),
    at: integer(1, 'which text event, counted from 1', { min: 1, max: 10_000_000 }),
  },
  example: 'oversize;size=1MiB;at=2',
  explain: ({ size: bytes, at }) => `makes text event ${at} ${bytes} bytes large`,
  *script(events, { size: bytes, at }, context) {
    let texts = 0;
    for (const timed of events) {
      if (timed.event.kind === 'text') texts += 1;
      if (timed.event.kind !== 'text' || texts !== at) {
        yield timed;
        continue;
      }
      context.note(`text event ${at} has ${bytes} bytes`);
      const text = filler.repeat(Math.ceil(bytes / filler.length)).slice(0, bytes);
      yield { ...timed, event: { kind: 'text', text } };
    }
  },
});

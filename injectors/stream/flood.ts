// A model that never stops: the same piece of text again and again, as fast as the client reads. A
// client that gathers it runs out of memory; made as it is sent, it costs this process nothing.

import { defineInjector } from '../injector.ts';
import { duration, integer, size } from '../options.ts';
import { streamsOnly } from './only-in.ts';

export const flood = defineInjector({
  name: 'flood',
  family: 'stream',
  summary: 'Repeats a piece of text without end, as fast as it is read.',
  options: {
    at: integer(1, 'which text event is repeated, counted from 1', { min: 1, max: 10_000_000 }),
    gap: duration('0ms', 'pause before each of them'),
    limit: size('0', 'bytes of text after which all goes on; 0: never', { maxMiB: 1_048_576 }),
  },
  example: 'flood;limit=1MiB',
  notOn: streamsOnly,
  explain: ({ at, limit }) =>
    `repeats text event ${at} ${limit === 0 ? 'for ever' : `for ${limit} bytes`}`,
  *script(events, { at, gap, limit }, context) {
    let texts = 0;
    for (const timed of events) {
      yield timed;
      if (timed.event.kind !== 'text' || timed.event.text === '') continue;
      texts += 1;
      if (texts !== at) continue;
      context.note(limit === 0 ? 'text without end' : `${limit} bytes of text`);
      const { length } = timed.event.text;
      for (let sent = 0; limit === 0 || sent < limit; sent += length) {
        yield { ...timed, gapMs: gap };
      }
    }
  },
});

// A proper answer far larger than anybody asked for: clients that gather it run out of memory, and
// those that limit it show how. Made as it is sent, so a stream costs this process nothing.

import { defineInjector } from '../injector.ts';
import { size } from '../options.ts';

const pieceBytes = 64 * 1024;
const piece = 'leakbed makes this answer larger than it has any reason to be. '
  .repeat(Math.ceil(pieceBytes / 63))
  .slice(0, pieceBytes);

export const hugeBody = defineInjector({
  name: 'huge-body',
  family: 'response',
  summary: 'Answers properly, with far more text than was asked for.',
  // An answer that is not streamed is built in memory.
  options: { size: size('64MiB', 'bytes of text added to the answer', { maxMiB: 256 }) },
  example: 'huge-body;size=2MiB',
  explain: ({ size: bytes }) => `adds ${bytes} bytes of text, in events of ${pieceBytes}`,
  *script(events, { size: bytes }, context) {
    let isAdded = false;
    for (const timed of events) {
      yield timed;
      if (isAdded || timed.event.kind !== 'text') continue;
      isAdded = true;
      context.note(`${bytes} bytes of text added`);
      for (let left = bytes; left > 0; left -= pieceBytes) {
        yield { event: { kind: 'text', text: piece.slice(0, left) }, gapMs: 0 };
      }
    }
  },
});

// Flips bits in one event and leaves its length alone: a wrong checksum, a bad opcode, an event of
// another type. The codec names the regions of a frame, so no protocol is known here.

import { defineInjector } from '../injector.ts';
import { choice, integer, word } from '../options.ts';
import type { Frame } from '../stream.ts';
import { replaceEvent, whichEvent } from './replace-event.ts';

export const corrupt = defineInjector({
  name: 'corrupt',
  family: 'stream',
  summary: 'Flips bits in a region of one event.',
  options: {
    at: whichEvent(1),
    region: word('payload', 'header, payload, checksum…: as the codec names it'),
    offset: integer(0, 'which byte of the region; -1 is its last', { min: -65_536, max: 65_536 }),
    mask: integer(5, 'the bits flipped in that byte', { min: 1, max: 255 }),
    checks: choice(['broken', 'mended'], 'broken', 'mended: checksums are made right again'),
  },
  example: 'corrupt;at=2;region=payload',
  explain: ({ at, region, checks }) =>
    `flips bits in the ${region} of event ${at}, or at its start where it has no such region` +
    (checks === 'mended' ? ', under checksums that are right' : ''),
  wire: (frames, { at, region, offset, mask, checks }, context) =>
    replaceEvent(frames, at, (frame) => {
      context.note(`bits flipped in the ${region} of event ${at}`);
      const bytes = flipped(frame, region, offset, mask);
      if (checks === 'mended') frame.seal?.(bytes);
      return [{ ...frame, bytes }];
    }),
});

/** A region the frame does not have gives the frame's own first byte. */
function flipped(frame: Frame, region: string, offset: number, mask: number): Buffer {
  const [start, end] = frame.regions?.[region] ?? [0, frame.bytes.length];
  const inside = offset < 0 ? end + offset : start + offset;
  const place = Math.max(start, Math.min(inside, end - 1));
  const bytes = Buffer.from(frame.bytes);
  bytes[place] = (bytes[place] ?? 0) ^ mask;
  return bytes;
}

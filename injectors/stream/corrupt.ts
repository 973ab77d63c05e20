// Flips bits in one event and leaves its length alone: a wrong checksum, a bad opcode, an event of
// another type. The codec names the regions of a frame, so no protocol is known here.

import { defineInjector } from '../injector.ts';
import { choice, integer, word } from '../options.ts';
import type { Frame, Framing, Region } from '../stream.ts';
import { replaceEvent, whichEvent } from './replace-event.ts';

export const corrupt = defineInjector({
  name: 'corrupt',
  family: 'stream',
  summary: 'Flips bits in a region of one event.',
  options: {
    at: whichEvent(1),
    region: word('payload', 'payload, json, headers, prelude, message-crc…: as the codec names it'),
    offset: integer(0, 'which byte of the region; -1 is its last', { min: -65_536, max: 65_536 }),
    flip: choice(['mask', 'bit', 'byte'], 'mask', 'bit: any one of the region; byte: any, by all'),
    mask: integer(5, 'the bits flipped in the byte at the offset', { min: 1, max: 255 }),
    checks: choice(['broken', 'mended'], 'broken', 'mended: checksums are made right again'),
  },
  example: 'corrupt;at=2;region=payload',
  explain: ({ at, region, checks }) =>
    `flips bits in the ${region} of event ${at}` +
    (checks === 'mended' ? ', under checksums that are right' : ''),
  wire: (frames, { at, region: name, offset, flip, mask, checks }, context) =>
    replaceEvent(frames, at, (frame) => {
      const region = regionOf(frame, name, context.framing);
      if (region === undefined) {
        const known = Object.keys(frame.regions ?? {}).join(', ') || 'none';
        context.note(`does not apply because event ${at} has no ${name}; it has: ${known}`);
        return [frame];
      }
      context.note(`bits flipped in the ${name} of event ${at}`);
      const place = placeIn(
        region,
        flip === 'mask' ? offset : context.rng.integer(0, region[1] - region[0] - 1),
      );
      const bits = { mask, bit: 1 << context.rng.integer(0, 7), byte: 0xff }[flip];
      const bytes = Buffer.from(frame.bytes);
      bytes[place] = (bytes[place] ?? 0) ^ bits;
      if (checks === 'mended') frame.seal?.(bytes);
      return [{ ...frame, bytes }];
    }),
});

/** `json` is the payload, where it is JSON. An empty region has no byte to hurt. */
function regionOf(frame: Frame, name: string, framing: Framing): Region | undefined {
  const isJson = name === 'json' && framing !== 'grpc';
  const region = frame.regions?.[isJson ? 'payload' : name];
  return region === undefined || region[0] === region[1] ? undefined : region;
}

/** The byte at an offset, which does not leave the region. */
function placeIn([start, end]: Region, offset: number): number {
  const inside = offset < 0 ? end + offset : start + offset;
  return Math.max(start, Math.min(inside, end - 1));
}

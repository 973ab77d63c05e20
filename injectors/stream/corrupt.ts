// Flips bits in one event and leaves its length alone: malformed JSON inside a valid frame, a bad
// opcode, a wrong checksum. The codec names the regions of a frame, so no protocol is known here.

import { defineInjector } from '../injector.ts';
import { integer, word } from '../options.ts';
import { type Frame, isEvent } from '../stream.ts';

export const corrupt = defineInjector({
  name: 'corrupt',
  family: 'stream',
  summary: 'Flips bits in a region of one event.',
  options: {
    at: integer(1, 'which event, counted from 1', { min: 1, max: 10_000_000 }),
    region: word('payload', 'header, payload, checksum…: as the codec names it'),
    mask: integer(5, 'the bits flipped in the first byte of the region', { min: 1, max: 255 }),
  },
  example: 'corrupt;at=2;region=payload',
  explain: ({ at, region }) => `flips bits in the ${region} of event ${at}`,
  *wire(frames, { at, region, mask }, context) {
    let events = 0;
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      if (isEvent(step.value)) events += 1;
      if (events !== at || !isEvent(step.value)) {
        yield step.value;
        continue;
      }
      context.note(`bits flipped in the ${region} of event ${at}`);
      yield flipped(step.value, region, mask);
    }
  },
});

/** A region the frame does not have gives the frame's own first byte. */
function flipped(frame: Frame, region: string, mask: number): Frame {
  const [start] = frame.regions?.[region] ?? [0];
  const bytes = Buffer.from(frame.bytes);
  bytes[start] = (bytes[start] ?? 0) ^ mask;
  return { ...frame, bytes };
}

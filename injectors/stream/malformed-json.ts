// JSON that does not end, in an event whose envelope is sound: lengths and checksums are right, so
// only a client that parses the payload can notice.

import { defineInjector } from '../injector.ts';
import type { Frame } from '../stream.ts';
import { replaceEvent, whichEvent } from './replace-event.ts';

export const malformedJson = defineInjector({
  name: 'malformed-json',
  family: 'stream',
  summary: 'Takes the closing brace from the JSON of one event.',
  options: { at: whichEvent(2) },
  example: 'malformed-json;at=3',
  notOn: { grpc: 'its messages hold no JSON' },
  explain: ({ at }) => `takes the closing brace from event ${at}`,
  wire: (frames, { at }, context) =>
    replaceEvent(frames, at, (frame) => {
      const bytes = unclosed(frame);
      if (bytes === undefined) {
        context.note(`does not apply because event ${at} is no JSON`);
        return [frame];
      }
      context.note(`event ${at} has no closing brace`);
      return [{ ...frame, bytes }];
    }),
});

/** A blank in place of the last brace keeps the length; undefined where there is none. */
function unclosed(frame: Frame): Buffer | undefined {
  const [start, end] = frame.regions?.payload ?? [0, frame.bytes.length];
  const bytes = Buffer.from(frame.bytes);
  const brace = bytes.subarray(0, end).lastIndexOf('}');
  if (brace < start) return undefined;
  bytes[brace] = ' '.charCodeAt(0);
  frame.seal?.(bytes);
  return bytes;
}

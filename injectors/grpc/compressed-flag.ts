// A message that says it is compressed, by a flag that no `grpc-encoding` explains. Source:
// grpc/doc/PROTOCOL-HTTP2.md, Compressed-Flag.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';
import { replaceEvent, whichEvent } from '../stream/replace-event.ts';
import { grpcOnly } from './exclusions.ts';

export const compressedFlag = defineInjector({
  name: 'compressed-flag',
  family: 'grpc',
  summary: 'Marks a message as compressed that is not.',
  options: {
    at: whichEvent(2),
    flag: integer(1, 'first byte of the message: 1 compressed, others are reserved', {
      min: 1,
      max: 255,
    }),
  },
  example: 'compressed-flag;at=2',
  notOn: grpcOnly,
  explain: ({ at, flag }) => `sends message ${at} with flag ${flag}`,
  wire: (frames, { at, flag }, context) =>
    replaceEvent(frames, at, (frame) => {
      const region = frame.regions?.flag;
      if (region === undefined) return [frame];
      context.note(`message ${at} has flag ${flag}`);
      const bytes = Buffer.from(frame.bytes);
      bytes[region[0]] = flag;
      return [{ ...frame, bytes }];
    }),
});

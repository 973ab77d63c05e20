// A message whose prefix declares another length than it has: the next prefix is then looked for in
// the wrong place, or four gigabytes are waited for. Source: grpc/doc/PROTOCOL-HTTP2.md,
// Length-Prefixed-Message.

import { defineInjector } from '../injector.ts';
import { claim, declare } from '../stream/declared-length.ts';
import { replaceEvent, whichEvent } from '../stream/replace-event.ts';
import { grpcOnly } from './exclusions.ts';

export const badLengthPrefix = defineInjector({
  name: 'bad-length-prefix',
  family: 'grpc',
  summary: 'Declares another length for a message than it has.',
  options: { at: whichEvent(2), length: claim('max', 'what is declared') },
  example: 'bad-length-prefix;at=2;length=max',
  notOn: grpcOnly,
  explain: ({ at }) => `declares a false length for message ${at}`,
  wire: (frames, { at, length }, context) =>
    replaceEvent(frames, at, (frame) => {
      const region = frame.regions?.length;
      if (region === undefined) return [frame];
      const bytes = Buffer.from(frame.bytes);
      context.note(`message ${at} declares ${declare(bytes, region, length)} bytes`);
      return [{ ...frame, bytes }];
    }),
});

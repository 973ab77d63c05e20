// Ends one HTTP/2 stream with RST_STREAM and leaves its connection open (RFC 9113 section 6.4).
// Over HTTP/1.1 there is only the connection to reset.

import { defineInjector } from '../injector.ts';
import { integer } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const cancel = defineInjector({
  name: 'cancel',
  family: 'stream',
  summary: 'Ends the HTTP/2 stream with RST_STREAM and an error code.',
  options: {
    at: position('50%', 'where the stream is reset'),
    code: integer(8, 'HTTP/2 error code: 2 internal, 7 refused, 8 cancel, 11 calm', {
      min: 0,
      max: 13,
    }),
  },
  example: 'cancel;at=3;code=2',
  isTerminal: true,
  explain: ({ at, code }) => `sends RST_STREAM ${code} ${explainPosition(at)}`,
  wire: (frames, { at, code }, context) =>
    breakAt(frames, at, { kind: 'cancel', code }, `RST_STREAM ${code}`, context),
});

// Closes a WebSocket with a code and a reason of its own (RFC 6455 section 7.4), which is how a
// service says there that it will not go on. Elsewhere there is only the connection to close.

import { defineInjector } from '../injector.ts';
import { integer, text } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const close = defineInjector({
  name: 'close',
  family: 'stream',
  summary: 'Closes the WebSocket with a code and a reason.',
  options: {
    at: position('50%', 'where the close frame comes'),
    code: integer(1011, 'close code: 1007 bad data, 1008 policy, 1011 internal', {
      min: 1000,
      max: 4999,
    }),
    reason: text('', 'what the close frame says; at most 123 bytes of it are sent'),
  },
  example: 'close;at=3;code=1008',
  isTerminal: true,
  explain: ({ at, code }) => `closes with ${code} ${explainPosition(at)}`,
  wire: (frames, { at, code, reason }, context) =>
    breakAt(frames, at, { kind: 'close', code, reason }, `closed with ${code}`, context),
});

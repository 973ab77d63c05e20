// GOAWAY of HTTP/2 (RFC 9113 section 6.8), as load balancers send it before they close: no new
// streams on this connection, and which of the old ones were handled.

import { defineInjector } from '../injector.ts';
import { choice, integer } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const goaway = defineInjector({
  name: 'goaway',
  family: 'stream',
  summary: 'Sends GOAWAY, and then ends the stream, the connection or nothing.',
  options: {
    at: position('end', 'where it comes'),
    code: integer(0, 'HTTP/2 error code: 0 none, 2 internal, 11 calm', { min: 0, max: 13 }),
    last: choice(['this', 'none'], 'this', 'the last stream it says was handled'),
    end: choice(
      ['complete', 'cut', 'hang'],
      'complete',
      'what follows: a proper end, FIN, nothing',
    ),
  },
  example: 'goaway;at=3;code=2;end=cut',
  isTerminal: true,
  explain: ({ at, code, end }) =>
    `sends GOAWAY ${code} ${explainPosition(at)}, then ${end}; HTTP/1.1 has no GOAWAY`,
  wire: (frames, { at, code, last, end }, context) => {
    const ending = { kind: 'goaway', code, last, next: end } as const;
    return breakAt(frames, at, ending, `GOAWAY ${code}, then ${end}`, context);
  },
});

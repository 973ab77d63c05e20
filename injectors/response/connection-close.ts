// A whole answer after which the server wants the connection closed, said as each transport says
// it: a header, GOAWAY, a close frame. Pools that do not listen send their next request into it.

import { defineInjector } from '../injector.ts';
import { breakAt } from '../stream/break-at.ts';
import { setHeader } from '../stream/set-header.ts';
import type { Ending } from '../stream.ts';

const goaway: Ending = { kind: 'goaway', code: 0, last: 'this', next: 'complete' };
const close: Ending = { kind: 'close', code: 1001, reason: 'going away' };

export const connectionClose = defineInjector({
  name: 'connection-close',
  family: 'response',
  summary: 'Answers properly and ends the connection.',
  options: {},
  example: 'connection-close',
  isTerminal: true,
  notOn: { upgrade: 'the connection of a 101 goes on as a WebSocket' },
  explain: () => 'answers, with Connection: close, GOAWAY or a close frame',
  head: (head, _options, { transport }) =>
    transport === 'http1' ? setHeader(head, 'Connection', 'close') : head,
  wire: (frames, _options, context) => {
    if (context.transport === 'http1') {
      context.note('Connection: close');
      return frames;
    }
    const [ending, what] =
      context.transport === 'websocket'
        ? ([close, 'close frame'] as const)
        : ([goaway, 'GOAWAY'] as const);
    return breakAt(frames, { kind: 'end' }, ending, what, context);
  },
});

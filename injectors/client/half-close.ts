// The client closes its half of the connection and reads on (RFC 9293 section 3.6: a FIN says that
// nothing more is sent, not that nobody listens). Servers differ: some end the answer.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { explainPosition } from '../position.ts';
import { clientPosition, whenReached } from './client-position.ts';
import type { ClientExchange } from './exchange.ts';

export const halfClose = defineInjector({
  name: 'half-close',
  family: 'client',
  summary: 'The client sends FIN and reads on.',
  options: {
    at: clientPosition('0', 'where it closes; 0 is with the request sent'),
  },
  example: 'half-close;at=2',
  explain: ({ at }) => `the client sends FIN ${explainPosition(at)} and reads on`,
  async disrupt({ at }, { target, note }: DisruptContext<ClientExchange>) {
    whenReached(at, target, ({ eventCount }) => {
      target.endWriting();
      // Its answer may be complete all the same; nothing can be asked on it any more.
      target.retireConnection();
      note(`client closed its half after ${eventCount} events`);
    });
    return { [Symbol.asyncDispose]: async () => undefined };
  },
});

// Every request comes on a connection of its own, closed after the answer, as from clients without
// keep-alive: what a gateway keeps per connection shows.

import { type DisruptContext, defineInjector } from '../injector.ts';
import type { ClientExchange } from './exchange.ts';

export const churn = defineInjector({
  name: 'churn',
  family: 'client',
  summary: 'A new connection for every request.',
  options: {},
  example: 'churn',
  explain: () => 'the client closes its connection after the answer and opens another',
  async disrupt(_, { target, note }: DisruptContext<ClientExchange>) {
    target.retireConnection();
    return { [Symbol.asyncDispose]: async () => note('client closed its connection') };
  },
});

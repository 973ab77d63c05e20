// The client is gone without FIN or RST: a phone that lost its network, a pulled cable. Nothing
// tells the gateway; its writes fill the kernel's buffers and wait, until a time limit of its own.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { duration } from '../options.ts';
import { explainPosition } from '../position.ts';
import { clientPosition, whenReached } from './client-position.ts';
import type { ClientExchange } from './exchange.ts';

export const vanish = defineInjector({
  name: 'vanish',
  family: 'client',
  summary: 'The client is gone without a word; its connection stays open and unread.',
  options: {
    at: clientPosition('1', 'where it vanishes'),
    for: duration('30s', 'until its connection is reset, at the longest'),
  },
  example: 'vanish;at=3;for=500ms',
  explain: (options) =>
    `the client vanishes ${explainPosition(options.at)}; its connection is held ${options.for} ms`,
  async disrupt(options, { target, note }: DisruptContext<ClientExchange>) {
    whenReached(options.at, target, ({ eventCount }) => {
      target.vanish(options.for);
      note(`client vanished after ${eventCount} events`);
    });
    return { [Symbol.asyncDispose]: async () => undefined };
  },
});

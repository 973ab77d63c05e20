// The client asks and never reads: kernel buffers fill, then the gateway's writes wait. After a
// time it leaves.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration } from '../options.ts';
import type { ClientExchange } from './exchange.ts';

export const neverRead = defineInjector({
  name: 'never-read',
  family: 'client',
  summary: 'The client asks, reads nothing, and leaves after a time.',
  options: {
    for: duration('2s', 'how long it stays without reading'),
    how: choice(['close', 'reset'], 'close', 'how it leaves then'),
  },
  example: 'never-read;for=500ms',
  explain: (options) =>
    `the client reads nothing for ${options.for} ms, then leaves (${options.how})`,
  async disrupt(options, { target, clock, note }: DisruptContext<ClientExchange>) {
    target.pauseReading();
    const cancel = clock.after(options.for, () => {
      target.abort(options.how);
      note(`client left unread after ${options.for} ms (${options.how})`);
    });
    return { [Symbol.asyncDispose]: async () => cancel() };
  },
});

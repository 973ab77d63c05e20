// The service is gone: the proxy stops listening and drops its connections, until it is healed. In
// Toxiproxy's API this is no toxic but `{"enabled": false}` on the proxy.

import { type DisruptContext, defineInjector } from '../injector.ts';
import type { ToxicTarget } from './toxic.ts';

export const down = defineInjector({
  name: 'tcp-down',
  family: 'tcp',
  summary: 'Nothing listens: connections are dropped, new ones are refused.',
  options: {},
  example: 'tcp-down',
  explain: () => 'nothing listens and every connection is dropped',
  async disrupt(_, { target, note }: DisruptContext<ToxicTarget>) {
    await target.setEnabled(false);
    note('down');
    return {
      async [Symbol.asyncDispose]() {
        await target.setEnabled(true);
        note('up');
      },
    };
  },
});

// How many promises live at rest: what was awaited and never answered stays, with all that the code
// after it would use. Only at rest, and only where it is asked for: each count walks the heap.

import { connectTo } from './inspector.ts';
import { countLive } from './live-objects.ts';
import type { Probe } from './probe.ts';

export const promises: Probe = {
  name: 'promises',
  needs: ['inspector'],
  metrics: ['promiseCount'],
  cost: 'none under load; at rest a collection and a walk over the heap: 0.1 to 0.9 s',
  async attach(subject) {
    const client = await connectTo(subject, 'promises');
    return {
      sample: async () => ({}),
      level: async () => ({ promiseCount: await countLive(client, 'Promise.prototype') }),
      [Symbol.asyncDispose]: client[Symbol.asyncDispose],
    };
  },
};

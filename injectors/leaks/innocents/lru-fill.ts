// A cache with a bound that drops its oldest entry: in a straight line up to the bound, as a leak
// would be, and flat from there on.

import { type Leak, requestState } from '../leak.ts';

const limit = 1500;

export const lruFill: Leak = {
  kind: 'innocent',
  name: 'lru-fill',
  summary: `Keeps the state of the last ${limit} requests.`,
  resource: 'heapBytes',
  plant(host) {
    const cache = new Map<string, object>();
    host.onRequest((request) => {
      cache.set(request.id, requestState(request));
      for (const oldest of cache.keys()) {
        if (cache.size <= limit) break;
        cache.delete(oldest);
      }
    });
  },
};

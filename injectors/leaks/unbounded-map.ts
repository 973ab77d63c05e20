// A request log that is written and never trimmed: the cache without a bound.

import { type Leak, requestState } from './leak.ts';

export const unboundedMap: Leak = {
  kind: 'leak',
  name: 'unbounded-map',
  summary: 'Keeps the state of every request in a Map that is never trimmed.',
  resource: 'heapBytes',
  plant(host) {
    const requestLog = new Map<string, object>();
    host.onRequest((request) => requestLog.set(request.id, requestState(request)));
  },
};

// Waits for an answer that never comes: each request's promise is registered to be resolved, and
// nobody resolves it, so the function that awaits it stays, with all it would use afterwards.

import { type Leak, requestState } from './leak.ts';

export const promiseNever: Leak = {
  kind: 'leak',
  name: 'promise-never',
  summary: 'Awaits a promise for each request that is never settled.',
  resource: 'heapBytes',
  plant(host) {
    const waiting = new Map<string, () => void>();
    const acknowledged = async (id: string, state: object) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(id, resolve);
      await promise;
      Object.freeze(state);
    };
    host.onRequest((request) => void acknowledged(request.id, requestState(request)));
  },
};

// Each request listens on the one signal of the process and never takes its listener back. The
// closure keeps the request's state, so the heap grows with every request: the commonest leak
// with AbortSignal, and the one that Node warns of from the eleventh listener on.

import { type Leak, requestState } from './leak.ts';

export const abortListener: Leak = {
  kind: 'leak',
  name: 'listener',
  summary: "Adds an 'abort' listener with each request's state to one signal, and keeps it.",
  resource: 'heapBytes',
  plant(host) {
    host.onRequest((request) => {
      const state = requestState(request);
      host.shutdownSignal.addEventListener('abort', () => Object.freeze(state), { once: true });
    });
  },
};

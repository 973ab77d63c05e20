// A callback that is bound to a request's asynchronous context and kept: the request's store is
// then reachable through the context alone, by no variable of the program.
// Source: https://nodejs.org/api/async_context.html#static-method-asynclocalstoragebindfn

import { AsyncLocalStorage } from 'node:async_hooks';
import { type Leak, requestState } from './leak.ts';

export const asyncContext: Leak = {
  kind: 'leak',
  name: 'async-context',
  summary: "Keeps a callback of each request, bound to the request's asynchronous context.",
  resource: 'heapBytes',
  plant(host) {
    const storage = new AsyncLocalStorage<object>();
    const onShutdown: (() => void)[] = [];
    host.onRequest((request) => {
      storage.run(requestState(request), () => {
        onShutdown.push(AsyncLocalStorage.bind(() => undefined));
      });
    });
  },
};

// Callbacks bound to the context of their request wait in a pool, and so do the contexts.

import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

const storage = new AsyncLocalStorage();
const parked = new Set();

export function park(id) {
  const context = { id, trace: new Array(1024).fill(id) };
  storage.run(context, () => parked.add(AsyncResource.bind(() => storage.getStore())));
}

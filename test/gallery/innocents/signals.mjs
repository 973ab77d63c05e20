// Requests listen to one signal of the process, each with a signal of its own that ends it.

import { setMaxListeners } from 'node:events';

const shutdown = new AbortController().signal;
setMaxListeners(0, shutdown);

export function guard(id) {
  const own = new AbortController();
  const trace = new Array(256).fill(id);
  shutdown.addEventListener('abort', () => trace.length, { signal: own.signal });
  own.abort();
}

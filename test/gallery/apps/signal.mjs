// Every request listens to the signal that ends the process, and stays there when it is over.

import { setMaxListeners } from 'node:events';

const shutdown = new AbortController().signal;
setMaxListeners(0, shutdown);

export function guard(id) {
  const state = { id, trace: new Array(256).fill(id) };
  shutdown.addEventListener('abort', () => state.id);
}

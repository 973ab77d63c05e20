// A listener of a long-lived emitter for every request, taken off when the request is over.

import { EventEmitter } from 'node:events';

const bus = new EventEmitter().setMaxListeners(0);

export function wait(id) {
  const trace = new Array(256).fill(id);
  const listener = () => trace.length;
  bus.on('config', listener);
  setImmediate(() => bus.off('config', listener));
}

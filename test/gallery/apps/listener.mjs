// Adds a listener to an emitter of the whole process with every request, and removes none.

import { EventEmitter } from 'node:events';

const bus = new EventEmitter().setMaxListeners(0);

export function subscribe(id) {
  const state = { id, trace: new Array(256).fill(id) };
  bus.on('config', () => state.id);
}

// Messages to a port that nobody reads: they wait outside V8, in the form in which they travel.

import { MessageChannel } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
const text = 'event '.repeat(2_048);

export function post() {
  port1.postMessage(text);
  return port2;
}

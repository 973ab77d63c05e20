// A thread for one request in 200, which waits for work that does not come.

import { Worker } from 'node:worker_threads';

const code = "require('node:worker_threads').parentPort.on('message', () => 0)";

export function spare(id) {
  if (id % 200 === 0) new Worker(code, { eval: true });
}

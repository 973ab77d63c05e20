// A worker thread that is ended and started again every 500 requests, growing in between.

import { Worker } from 'node:worker_threads';

const code = `const kept = [];
require('node:worker_threads').parentPort.on('message', (id) => kept.push(new Array(64).fill(id)));`;
let worker = new Worker(code, { eval: true });

export async function hand(id) {
  if (id % 500 === 0) {
    const old = worker;
    worker = new Worker(code, { eval: true });
    await old.terminate();
  }
  worker.postMessage(id);
}

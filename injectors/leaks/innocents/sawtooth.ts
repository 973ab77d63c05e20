// Collects what it is asked into batches and lets go of each when it is full: rises like a leak,
// falls to nothing, rises again.

import { type Leak, requestState } from '../leak.ts';

const batchSize = 500;

export const sawtooth: Leak = {
  kind: 'innocent',
  name: 'sawtooth',
  summary: `Collects the state of ${batchSize} requests, then drops them all.`,
  resource: 'heapBytes',
  plant(host) {
    let batch: object[] = [];
    host.onRequest((request) => {
      batch.push(requestState(request));
      if (batch.length >= batchSize) batch = [];
    });
  },
};

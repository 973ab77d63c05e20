// Takes much memory for each request and keeps none of it: a high peak that is no leak.

import type { Leak } from '../leak.ts';

const bufferBytes = 2 * 1024 ** 2;
const objectCount = 2000;

export const bigTransient: Leak = {
  kind: 'innocent',
  name: 'big-transient',
  summary: 'Uses a buffer of 2 MiB and 2,000 objects for each request, and keeps nothing.',
  resource: 'anonBytes',
  plant(host) {
    host.onRequest(() => {
      const buffer = Buffer.alloc(bufferBytes, 1);
      const objects = Array.from({ length: objectCount }, (_, index) => ({ at: buffer[index] }));
      Object.freeze(objects);
    });
  },
};

// Many buffers of odd sizes, of which few live on: what they leave free between them cannot be
// given back, so the process stays large while what is alive stays small.

import type { Leak } from '../leak.ts';

const perRequest = 24;
const keptCount = 500;

export const fragmentation: Leak = {
  kind: 'innocent',
  name: 'fragmentation',
  summary: `Keeps the last ${keptCount} of many buffers of odd sizes, with holes between them.`,
  resource: 'anonBytes',
  plant(host) {
    const kept: Buffer[] = [];
    let place = 0;
    host.onRequest(() => {
      const sizes = Array.from({ length: perRequest }, (_, index) => 512 + ((index * 997) % 8192));
      const buffers = sizes.map((size) => Buffer.alloc(size, 1));
      place = (place + 1) % keptCount;
      kept[place] = buffers[place % perRequest] ?? Buffer.alloc(0);
    });
  },
};

// A pool that opens one more descriptor now and then until it has its size, and keeps them.

import { openSync } from 'node:fs';
import type { Leak } from '../leak.ts';

const size = 16;
const requestsPerMember = 75;

export const poolGrowth: Leak = {
  kind: 'innocent',
  name: 'pool-growth',
  summary: `Opens a descriptor every ${requestsPerMember} requests, up to ${size}.`,
  resource: 'fdCount',
  plant(host) {
    const members: number[] = [];
    let requestCount = 0;
    host.onRequest(() => {
      requestCount += 1;
      if (requestCount % requestsPerMember !== 0 || members.length === size) return;
      members.push(openSync('/dev/null', 'r'));
    });
  },
};

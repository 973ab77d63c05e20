// Many buffers at once, of which few live on: what they leave free between them cannot be given
// back, so the process stays large while what is alive stays small. Late, so that there is a time
// before it to compare with.

import type { Leak } from '../leak.ts';

const atRequest = 520;
const seaCount = 30_000;
const bufferBytes = 2048;
const keptOneIn = 40;

export const fragmentation: Leak = {
  kind: 'innocent',
  name: 'fragmentation',
  summary: `Makes 60 MiB of buffers in request ${atRequest} and keeps one in ${keptOneIn}, with holes between.`,
  resource: 'anonBytes',
  plant(host) {
    let islands: readonly Buffer[] = [];
    let requestCount = 0;
    host.onRequest(() => {
      requestCount += 1;
      if (requestCount !== atRequest || islands.length > 0) return;
      const sea = Array.from({ length: seaCount }, () => Buffer.alloc(bufferBytes, 1));
      islands = sea.filter((_, index) => index % keptOneIn === 0);
    });
  },
};

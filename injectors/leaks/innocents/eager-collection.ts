// Collects all garbage after every request, as some do against growth: memory stays flat, and every
// request pays for it.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Leak } from '../leak.ts';

export const eagerCollection: Leak = {
  kind: 'innocent',
  name: 'eager-collection',
  summary: 'Collects all garbage after every request.',
  resource: 'heapBytes',
  plant(host) {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    setFlagsFromString('--no-expose-gc');
    host.onRequest(() => collect());
  },
};

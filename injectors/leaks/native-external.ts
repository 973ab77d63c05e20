// Memory that V8 neither holds nor counts: a key object is a hundred bytes of heap, its material is
// allocated natively. Only the process's resident memory shows it.

import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Leak } from './leak.ts';

const materialBytes = 16 * 1024;

export const nativeExternal: Leak = {
  kind: 'leak',
  name: 'native-external',
  summary: 'Keeps a key object for each request, whose material lies outside of V8.',
  resource: 'nativeBytes',
  plant(host) {
    const keys: KeyObject[] = [];
    host.onRequest(() => keys.push(createSecretKey(Buffer.alloc(materialBytes, 1))));
  },
};

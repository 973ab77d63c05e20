// A cache of answers to a limited set of questions: it grows fast, then slowly, and once every
// question has been asked not at all.

import { hash } from 'node:crypto';
import { type Leak, requestState } from '../leak.ts';

const questions = 600;

export const cacheWarmUp: Leak = {
  kind: 'innocent',
  name: 'cache-warm-up',
  summary: `Fills a cache that has ${questions} possible keys.`,
  resource: 'heapBytes',
  plant(host) {
    const cache = new Map<number, object>();
    host.onRequest((request) => {
      const key = Number.parseInt(hash('sha1', request.prompt).slice(0, 8), 16) % questions;
      if (!cache.has(key)) cache.set(key, requestState(request));
    });
  },
};

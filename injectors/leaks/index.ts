// The explicit lists of what can be planted, one for each reference gateway: leaks, and innocents
// that look like leaks. A subject plants one by name; `leakbed leaks` prints them.

import { abortListener } from './abort-listener.ts';
import { answerCache } from './answer-cache.ts';
import { asyncContext } from './async-context.ts';
import { closureChain } from './closure-chain.ts';
import { bigTransient } from './innocents/big-transient.ts';
import { cacheWarmUp } from './innocents/cache-warm-up.ts';
import { eagerCollection } from './innocents/eager-collection.ts';
import { fragmentation } from './innocents/fragmentation.ts';
import { jitWarmUp } from './innocents/jit-warm-up.ts';
import { lruFill } from './innocents/lru-fill.ts';
import { poolGrowth } from './innocents/pool-growth.ts';
import { sawtooth } from './innocents/sawtooth.ts';
import { slowRelease } from './innocents/slow-release.ts';
import type { Leak, PlantedLeak } from './leak.ts';
import { nativeExternal } from './native-external.ts';
import { promiseNever } from './promise-never.ts';
import { retainedBuffer } from './retained-buffer.ts';
import { timer } from './timer.ts';
import { unboundedMap } from './unbounded-map.ts';
import { unclosedClient } from './unclosed-client.ts';
import { unreadStream } from './unread-stream.ts';

export const leaks: readonly Leak[] = [
  unreadStream,
  abortListener,
  unboundedMap,
  timer,
  retainedBuffer,
  unclosedClient,
  promiseNever,
  closureChain,
  asyncContext,
  nativeExternal,
  answerCache,
  cacheWarmUp,
  lruFill,
  poolGrowth,
  jitWarmUp,
  sawtooth,
  bigTransient,
  fragmentation,
  eagerCollection,
  slowRelease,
];

/** Planted by python/leakbed_leaks.py in the gateway's own process. */
export const pythonLeaks: readonly PlantedLeak[] = [
  {
    kind: 'leak',
    name: 'task',
    summary: 'Starts a background task for each request that waits for ever.',
    resource: 'taskCount',
  },
  {
    kind: 'leak',
    name: 'generator',
    summary: 'Begins an asynchronous generator for each request and never closes it.',
    resource: 'heapBytes',
  },
  {
    kind: 'leak',
    name: 'cycle-with-del',
    summary: 'Leaves cycles whose finalizer revives them into a pool without a bound.',
    resource: 'heapBytes',
  },
  {
    kind: 'leak',
    name: 'session-not-closed',
    summary: 'Never leaves the aioboto3 session of a request.',
    resource: 'heapBytes',
  },
  {
    kind: 'leak',
    name: 'answer-cache',
    summary: 'Keeps every answer with its request in a cache that is never trimmed.',
    resource: 'heapBytes',
  },
  {
    kind: 'leak',
    name: 'unbounded-dict',
    summary: 'Keeps the state of every request in a dict that is never trimmed.',
    resource: 'heapBytes',
  },
  {
    kind: 'innocent',
    name: 'fragmentation',
    summary: 'Fills arenas at once and keeps one object in each of their pools.',
    resource: 'anonBytes',
  },
  {
    kind: 'innocent',
    name: 'eager-collection',
    summary: 'Collects all garbage after every request.',
    resource: 'heapBytes',
  },
];

export function findLeak(name: string): Leak {
  return find(name, leaks);
}

export function findPythonLeak(name: string): PlantedLeak {
  return find(name, pythonLeaks);
}

function find<Listed extends PlantedLeak>(name: string, list: readonly Listed[]): Listed {
  const found = list.find((leak) => leak.name === name);
  if (found !== undefined) return found;
  const known = list.map((leak) => leak.name).join(', ');
  throw new RangeError(`Cannot plant leak "${name}": there is none. Known: ${known}.`);
}

// The explicit lists of planted leaks, one for each reference gateway. A subject plants one by
// name; `leakbed leaks` prints them.

import { abortListener } from './abort-listener.ts';
import type { Leak, PlantedLeak } from './leak.ts';
import { unboundedMap } from './unbounded-map.ts';
import { unreadStream } from './unread-stream.ts';

export const leaks: readonly Leak[] = [unreadStream, abortListener, unboundedMap];

/** Planted by python/leakbed_leaks.py in the gateway's own process. */
export const pythonLeaks: readonly PlantedLeak[] = [
  {
    name: 'task',
    summary: 'Starts a background task for each request that waits for ever.',
    resource: 'heapBytes',
  },
  {
    name: 'generator',
    summary: 'Begins an asynchronous generator for each request and never closes it.',
    resource: 'heapBytes',
  },
  {
    name: 'cycle-with-del',
    summary: 'Leaves cycles whose finalizer revives them into a pool without a bound.',
    resource: 'heapBytes',
  },
  {
    name: 'session-not-closed',
    summary: 'Never leaves the aioboto3 session of a request.',
    resource: 'heapBytes',
  },
  {
    name: 'unbounded-dict',
    summary: 'Keeps the state of every request in a dict that is never trimmed.',
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

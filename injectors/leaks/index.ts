// The explicit list of planted leaks. A subject plants one by name; `leakbed leaks` prints them.

import { abortListener } from './abort-listener.ts';
import type { Leak } from './leak.ts';
import { unboundedMap } from './unbounded-map.ts';
import { unreadStream } from './unread-stream.ts';

export const leaks: readonly Leak[] = [unreadStream, abortListener, unboundedMap];

export function findLeak(name: string): Leak {
  const found = leaks.find((leak) => leak.name === name);
  if (found !== undefined) return found;
  const known = leaks.map((leak) => leak.name).join(', ');
  throw new RangeError(`Cannot plant leak "${name}": there is none. Known: ${known}.`);
}

// Subject and client on a core each, where the machine has two and `taskset` (util-linux) is there:
// otherwise the kernel moves both about, and a turn measures that.

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export const cores = { subject: 0, client: 1 } as const;

/** Counted before anything is moved: a process that is on one core knows of no other. */
export const coreCount = availableParallelism();

/** Moves all threads of a process; children that it starts later stay with it. */
export function pin(pid: number, core: number): boolean {
  if (coreCount < 2) return false;
  return spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]).status === 0;
}

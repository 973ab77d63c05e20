// The kernel's count of out-of-memory kills in a process's memory cgroup. Compared before and
// after, it tells a kill by the subject's own limit from a kill by someone else.

import { readCgroup } from '../probes/cgroup.ts';
import { memoryCgroup } from '../probes/cgroup-files.ts';

/** Returns a reader of the count; null where the machine does not tell. */
export function oomKillCounter(pid: number): () => number | null {
  const files = memoryCgroup(pid);
  return () => (files === null ? null : (readCgroup(files).oomKillCount ?? null));
}

/** Whether its memory is accounted apart from leakbed's. */
export function hasOwnCgroup(pid: number): boolean {
  const its = memoryCgroup(pid);
  return its !== null && its.path !== memoryCgroup('self')?.path;
}

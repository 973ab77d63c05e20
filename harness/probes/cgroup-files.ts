// Where the kernel tells the memory of a process's cgroup: of version 1, 2, or both mounted side by
// side, in which case memory is with one of them. Source: cgroups(7), Linux
// Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst.

import { readFileSync } from 'node:fs';

export interface CgroupFiles {
  readonly version: 1 | 2;
  /** Of the cgroup, as /proc/PID/cgroup names it. */
  readonly path: string;
  readonly folder: string;
}

const mounts = { 1: '/sys/fs/cgroup/memory', 2: '/sys/fs/cgroup' } as const;
const countFiles = { 1: 'memory.usage_in_bytes', 2: 'memory.current' } as const;

/** Null where the machine keeps no account of memory for it. */
export function memoryCgroup(pid: number | 'self'): CgroupFiles | null {
  const named = readOrEmpty(`/proc/${pid}/cgroup`).split('\n').flatMap(lineOf);
  for (const { version, path } of named) {
    // Inside a container the path may be that of the host: the mount's root is then ours.
    for (const folder of [mounts[version] + (path === '/' ? '' : path), mounts[version]]) {
      if (readOrEmpty(`${folder}/${countFiles[version]}`) !== '') return { version, path, folder };
    }
  }
  return null;
}

function lineOf(line: string): readonly { readonly version: 1 | 2; readonly path: string }[] {
  const [, controllers, path] = line.split(':');
  if (path === undefined) return [];
  if (controllers === '') return [{ version: 2, path }];
  return controllers?.split(',').includes('memory') ? [{ version: 1, path }] : [];
}

export function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

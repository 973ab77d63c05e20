// The kernel's count of out-of-memory kills in a process's memory cgroup. Compared before and
// after, it tells a kill by the subject's own limit from a kill by someone else.
// Source: cgroup v2 memory.events, cgroup v1 memory.oom_control (docs.kernel.org/admin-guide).

import { readFileSync } from 'node:fs';

/** Returns a reader of the count; null where the machine does not tell. */
export function oomKillCounter(pid: number): () => number | null {
  const files = counterFiles(pid);
  return () => {
    for (const file of files) {
      const count = /^oom_kill (\d+)/m.exec(readOrEmpty(file))?.[1];
      if (count !== undefined) return Number(count);
    }
    return null;
  };
}

function counterFiles(pid: number): string[] {
  return readOrEmpty(`/proc/${pid}/cgroup`)
    .split('\n')
    .map((line) => line.split(':'))
    .flatMap(([, controllers, path]) => {
      if (path === undefined) return [];
      // Inside a container the path may be that of the host: the mount's root is then ours.
      if (controllers === '') return cgroupFiles('/sys/fs/cgroup', path, 'memory.events');
      if (!controllers?.split(',').includes('memory')) return [];
      return cgroupFiles('/sys/fs/cgroup/memory', path, 'memory.oom_control');
    });
}

function cgroupFiles(mount: string, path: string, file: string): string[] {
  return [`${mount}${path === '/' ? '' : path}/${file}`, `${mount}/${file}`];
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

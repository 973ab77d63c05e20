// A limit on a process's memory that can be lowered and put back: that of its cgroup, or its own
// for data. Both are given back when the limit is disposed of, and when this process vanishes.
// Source: Linux Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst; setrlimit(2):
// RLIMIT_DATA counts private writable memory; lowering the soft limit needs no right.

import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { MemoryCgroup } from './gateway-process.ts';
import { leaveWill } from './last-will.ts';

export interface MemoryLimit extends AsyncDisposable {
  /** What the limit is compared with, less what the kernel can take back at once. */
  usedBytes(): number;
  set(bytes: number): Promise<void>;
}

const files = {
  1: {
    limit: 'memory.limit_in_bytes',
    used: 'memory.usage_in_bytes',
    cache: 'total_inactive_file',
  },
  2: { limit: 'memory.max', used: 'memory.current', cache: 'inactive_file' },
} as const;

/** Throws a sentence where the limit may not be written. */
export async function cgroupLimit({ version, folder }: MemoryCgroup): Promise<MemoryLimit> {
  const { limit, used, cache } = files[version];
  const file = `${folder}/${limit}`;
  const before = readFileSync(file, 'utf8').trim();
  const write = (value: string) => {
    try {
      writeFileSync(file, value);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(
        `Cannot limit the gateway's cgroup: ${why}. Run leakbed as root, or use via=rlimit.`,
      );
    }
  };
  // Says at once whether it may be written.
  write(before);
  const revoke = await leaveWill('printf %s "$2" > "$1"', [file, before]);
  return {
    usedBytes() {
      const stat = readFileSync(`${folder}/memory.stat`, 'utf8');
      const kept = Number(new RegExp(`^${cache} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0);
      return Number(readFileSync(`${folder}/${used}`, 'utf8')) - kept;
    },
    async set(bytes) {
      write(String(bytes));
    },
    async [Symbol.asyncDispose]() {
      write(before);
      revoke();
    },
  };
}

/** For a process of the same user; its hard limit is left alone, so it can be given back. */
export async function dataLimit(pid: number): Promise<MemoryLimit> {
  const row = /^Max data size\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  const before = row?.[1] ?? 'unlimited';
  const set = async (soft: string | number) => {
    try {
      await promisify(execFile)('prlimit', ['--pid', String(pid), `--data=${soft}:`]);
    } catch (error) {
      const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      const why = isAbsent ? 'prlimit of util-linux is not installed' : String(error);
      throw new Error(`Cannot limit the memory of process ${pid}: ${why}.`);
    }
  };
  // Says at once whether it may be set.
  await set(before);
  const revoke = await leaveWill('prlimit --pid "$1" "--data=$2:"', [String(pid), before]);
  return {
    usedBytes() {
      const kib = /^VmData:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      if (kib === undefined) throw new Error(`Cannot read the data size of process ${pid}.`);
      return Number(kib) * 1024;
    },
    set,
    async [Symbol.asyncDispose]() {
      revoke();
      // A process that is gone has no limit to give back.
      await set(before).catch(() => undefined);
    },
  };
}

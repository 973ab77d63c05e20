// A limit on a process's memory that can be lowered and put back: that of its cgroup, or its own.
// Both are given back when the limit is disposed of, and when this process vanishes.
// Source: Linux Documentation/admin-guide/cgroup-v1/memory.rst and cgroup-v2.rst; setrlimit(2):
// RLIMIT_DATA counts private writable memory; RLIMIT_RSS is kept and not enforced. Lowering the
// soft limit needs no right.

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

/** Limits of a process, as prlimit and /proc call them, and what each is compared with. */
const processLimits = {
  data: { row: 'Max data size', used: 'VmData' },
  rss: { row: 'Max resident set', used: 'VmRSS' },
} as const;

/** For a process of the same user; its hard limit is left alone, so it can be given back. */
export async function processLimit(
  pid: number,
  kind: keyof typeof processLimits,
): Promise<MemoryLimit> {
  const { row, used } = processLimits[kind];
  const before = numberAfter(`/proc/${pid}/limits`, `${row}\\s+`, '\\S+') ?? 'unlimited';
  const set = async (soft: string | number) => {
    try {
      await promisify(execFile)('prlimit', ['--pid', String(pid), `--${kind}=${soft}:`]);
    } catch (error) {
      const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      const why = isAbsent ? 'prlimit of util-linux is not installed' : String(error);
      throw new Error(`Cannot limit the memory of process ${pid}: ${why}.`);
    }
  };
  // Says at once whether it may be set.
  await set(before);
  const revoke = await leaveWill('prlimit --pid "$1" "--$3=$2:"', [String(pid), before, kind]);
  return {
    usedBytes() {
      const kib = numberAfter(`/proc/${pid}/status`, `${used}:\\s+`, '\\d+');
      if (kib === undefined) throw new Error(`Cannot read ${used} of process ${pid}.`);
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

function numberAfter(file: string, label: string, value: string): string | undefined {
  return new RegExp(`^${label}(${value})`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
}

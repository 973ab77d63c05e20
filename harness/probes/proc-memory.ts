// Resident memory of a process from /proc/PID/statm, through a descriptor that stays open: one
// 2 µs read. The third field counts file and shared pages, so resident less shared is RssAnon of
// /proc/PID/status, which costs ten times as much. Source: proc_pid_statm(5), getauxval(3).

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

export interface ProcMemory {
  /** Throws when the process has ended. */
  read(): { readonly rssBytes: number; readonly anonBytes: number; readonly vmsBytes: number };
  close(): void;
}

export function procMemory(pid: number): ProcMemory {
  const descriptor = openSync(`/proc/${pid}/statm`, 'r');
  const buffer = Buffer.alloc(256);
  return {
    read() {
      const length = readSync(descriptor, buffer, 0, buffer.length, 0);
      const [size, resident, shared] = buffer.toString('latin1', 0, length).split(' ').map(Number);
      // A dead process that nobody reaped yet still answers, with zeros.
      if (size === undefined || resident === undefined || shared === undefined || resident === 0) {
        throw new Error('no memory is mapped any more');
      }
      return {
        vmsBytes: size * kernel.pageBytes,
        rssBytes: resident * kernel.pageBytes,
        anonBytes: (resident - shared) * kernel.pageBytes,
      };
    },
    close: () => closeSync(descriptor),
  };
}

/** Page size and clock ticks per second as the kernel passes them to every program. */
export const kernel = readAuxiliaryVector();

function readAuxiliaryVector(): { readonly pageBytes: number; readonly ticksPerSecond: number } {
  const found = new Map<bigint, number>();
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      found.set(vector.readBigUInt64LE(at), Number(vector.readBigUInt64LE(at + 8)));
    }
  } catch {
    // Without /proc no probe that uses these figures can be attached.
  }
  return { pageBytes: found.get(6n) ?? 4096, ticksPerSecond: found.get(17n) ?? 100 };
}

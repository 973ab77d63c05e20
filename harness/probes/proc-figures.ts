// The figures of one process from /proc: memory, descriptors, sockets, threads, CPU time, through
// descriptors that stay open. procfs.ts adds up those of a gateway's processes. Source: proc(5).

import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import type { Reading } from './probe.ts';
import { kernel, procMemory } from './proc-memory.ts';
import { socketsByState } from './socket-states.ts';

export interface ProcFigures {
  /** Some 20 µs. Throws when the process has ended, as all of these do. */
  cheap(): Reading & { readonly fdCount: number };
  /** A readlink of about 3 µs for each descriptor. */
  sockets(): Reading;
  /** Sockets by state, PSS and USS: one read of smaps_rollup, which locks the memory map. */
  exact(): Reading;
  close(): void;
}

export function procFigures(pid: number): ProcFigures {
  const memory = procMemory(pid);
  const cpu = openSync(`/proc/${pid}/stat`, 'r');
  const stat = Buffer.alloc(1024);
  // Linux tells the number of descriptors as the folder's size from 6.2 on; before, it is zero.
  const sizeCounts = statSync(`/proc/${pid}/fd`).size > 0;
  const fdCount = () =>
    sizeCounts ? statSync(`/proc/${pid}/fd`).size : readdirSync(`/proc/${pid}/fd`).length;
  const cpuAndThreads = () => {
    const text = stat.toString('latin1', 0, readSync(cpu, stat, 0, stat.length, 0));
    // Counted after the command name, which may contain spaces: field 14 is 11 here, 20 is 17.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuMs: (ticks * 1000) / kernel.ticksPerSecond, threadCount: Number(fields[17]) };
  };
  return {
    cheap: () => ({ ...memory.read(), fdCount: fdCount(), ...cpuAndThreads() }),
    sockets: () => socketsByState(pid),
    exact: () => ({ ...socketsByState(pid), ...proportional(pid) }),
    close() {
      memory.close();
      closeSync(cpu);
    },
  };
}

/** Needs the right to trace the process, which the others do not: left out where it is refused. */
function proportional(pid: number): Reading {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const bytes = (name: string) => {
      const kib = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
      return kib === undefined ? undefined : Number(kib) * 1024;
    };
    const [pssBytes, clean, dirty] = ['Pss', 'Private_Clean', 'Private_Dirty'].map(bytes);
    if (pssBytes === undefined || clean === undefined || dirty === undefined) return {};
    return { pssBytes, ussBytes: clean + dirty };
  } catch {
    return {};
  }
}

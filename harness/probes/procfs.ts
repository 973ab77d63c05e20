// What Linux shows of any process from outside, whatever it is written in: resident memory,
// descriptors, sockets, CPU time. Costs the subject nothing while under load; only PSS, read at
// rest, locks its memory map. Source: proc(5).

import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import type { AttachedProbe, Probe, Reading } from './probe.ts';
import { kernel, procMemory } from './proc-memory.ts';
import { socketInodes, socketsByState } from './socket-states.ts';

/** Above it, sockets are counted at rest only: each descriptor costs a readlink of about 3 µs. */
const fewDescriptors = 128;

export const procfs: Probe = {
  name: 'procfs',
  needs: ['procfs'],
  metrics: [
    'rssBytes',
    'anonBytes',
    'pssBytes',
    'fdCount',
    'socketCount',
    'establishedCount',
    'closeWaitCount',
    'threadCount',
    'cpuMs',
  ],
  cost: 'none under load; at rest one read of smaps_rollup (0.5 ms at 50 MB, 76 ms at 6.5 GB)',
  async attach(subject) {
    const { pid } = subject;
    if (pid === null || !subject.capabilities.has('procfs')) {
      const why = subject.missing.procfs ?? 'its process is out of reach. Name it by --pid.';
      throw new Error(`Cannot attach procfs to ${subject.name}: ${why}`);
    }
    try {
      return attachTo(pid);
    } catch (error) {
      throw unreadable('attach procfs to', pid, error);
    }
  },
};

function attachTo(pid: number): AttachedProbe {
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
  const cheap = () => ({ ...memory.read(), fdCount: fdCount(), ...cpuAndThreads() });
  return {
    async sample() {
      return attempt('sample', pid, () => {
        const reading = cheap();
        if (reading.fdCount > fewDescriptors) return reading;
        return { ...reading, socketCount: socketInodes(pid).length };
      });
    },
    async level() {
      return attempt('read', pid, () => ({
        ...cheap(),
        ...socketsByState(pid),
        ...proportional(pid),
      }));
    },
    async [Symbol.asyncDispose]() {
      memory.close();
      closeSync(cpu);
    },
  };
}

/** Needs the right to trace the process, which the others do not: left out where it is refused. */
function proportional(pid: number): Reading {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    const kib = /^Pss:\s+(\d+) kB/m.exec(text)?.[1];
    return kib === undefined ? {} : { pssBytes: Number(kib) * 1024 };
  } catch {
    return {};
  }
}

function attempt(verb: string, pid: number, read: () => Reading): Reading {
  try {
    return read();
  } catch (error) {
    throw unreadable(verb, pid, error);
  }
}

function unreadable(verb: string, pid: number, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const denied = code === 'EACCES' || code === 'EPERM';
  const why = denied
    ? '/proc refuses. Run leakbed as the same user or as root.'
    : `the process has ended (${error instanceof Error ? error.message : String(error)}).`;
  return new Error(`Cannot ${verb} PID ${pid}: ${why}`);
}

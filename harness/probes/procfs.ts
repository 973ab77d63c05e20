// What Linux shows of any process from outside, whatever it is written in: resident memory,
// descriptors, sockets, CPU time. Of a gateway of several processes their sums, workers that come
// and go included. Costs the subject nothing while under load; only PSS, read at rest, locks its
// memory map. Source: proc(5).

import type { MetricName } from '../series/metrics.ts';
import type { AttachedProbe, Probe, Reading } from './probe.ts';
import { type ProcFigures, procFigures } from './proc-figures.ts';

/** Above it, sockets are counted at rest only: each descriptor costs a readlink of about 3 µs. */
const fewDescriptors = 128;
/**
 * Of its time, counting sockets takes leakbed 1 % at most: the tables are those of the whole
 * machine, and streams that are left stand in them for a minute, thousands at once.
 */
const restPerRead = 100;

export const procfs: Probe = {
  name: 'procfs',
  needs: ['procfs'],
  metrics: [
    'rssBytes',
    'anonBytes',
    'vmsBytes',
    'pssBytes',
    'ussBytes',
    'fdCount',
    'socketCount',
    'establishedCount',
    'closeWaitCount',
    'outboundCount',
    'threadCount',
    'cpuMs',
  ],
  cost: 'none under load; at rest one read of smaps_rollup (0.5 ms at 50 MB, 76 ms at 6.5 GB)',
  async attach(subject, nowMs) {
    const { pid, processes } = subject;
    if (pid === null || !subject.capabilities.has('procfs')) {
      const why = subject.missing.procfs ?? 'its process is out of reach. Name it by --pid.';
      throw new Error(`Cannot attach procfs to ${subject.name}: ${why}`);
    }
    try {
      return attachTo(pid, processes ?? (() => [pid]), nowMs);
    } catch (error) {
      throw unreadable('attach procfs to', pid, error);
    }
  },
};

/** `pid` must be there; the others of its family may come and go. */
function attachTo(
  pid: number,
  family: () => readonly number[],
  nowMs: () => number,
): AttachedProbe {
  const members = new Map([[pid, procFigures(pid)]]);
  const leave = (member: number) => {
    members.get(member)?.close();
    members.delete(member);
  };
  // Looked for at levels only, as it takes a walk over all processes of the machine.
  const meet = () => {
    const now = new Set([pid, ...family()]);
    for (const member of members.keys()) if (!now.has(member)) leave(member);
    for (const member of now) {
      if (members.has(member)) continue;
      try {
        members.set(member, procFigures(member));
      } catch {
        // It ended between the walk and this look, or is somebody else's.
      }
    }
  };
  const sum = (read: (figures: ProcFigures) => Reading) => {
    let total: Reading = {};
    for (const [member, figures] of members) {
      try {
        total = added(total, read(figures));
      } catch (error) {
        if (member === pid) throw error;
        leave(member);
      }
    }
    return total;
  };
  meet();
  let socketsFromMs = 0;
  return {
    async sample() {
      return attempt('sample', pid, () => {
        const reading = sum((figures) => figures.cheap());
        if ((reading.fdCount ?? 0) > fewDescriptors) return reading;
        const startedMs = nowMs();
        if (startedMs < socketsFromMs) return reading;
        const sockets = sum((figures) => figures.sockets());
        const endMs = nowMs();
        socketsFromMs = endMs + restPerRead * (endMs - startedMs);
        return { ...reading, ...sockets };
      });
    },
    async level() {
      return attempt('read', pid, () => {
        meet();
        return sum((figures) => ({ ...figures.cheap(), ...figures.exact() }));
      });
    },
    async [Symbol.asyncDispose]() {
      for (const member of [...members.keys()]) leave(member);
    },
  };
}

function added(one: Reading, other: Reading): Reading {
  const total: Partial<Record<MetricName, number>> = { ...one };
  for (const [name, value] of Object.entries(other) as [MetricName, number][]) {
    total[name] = (total[name] ?? 0) + value;
  }
  return total;
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

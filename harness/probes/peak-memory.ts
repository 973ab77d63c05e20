// The highest resident memory between two levels, as the kernel keeps it: a peak of a millisecond
// is seen, which no sampling would. Each level reads it and lets it begin anew. Source: proc(5),
// VmHWM of /proc/PID/status and the value 5 of /proc/PID/clear_refs (Linux 4.0 or later).

import { readFileSync, writeFileSync } from 'node:fs';
import type { Probe, Reading } from './probe.ts';

export const peakMemory: Probe = {
  name: 'peak-memory',
  needs: ['procfs'],
  metrics: ['peakRssBytes'],
  cost: 'nothing under load; at rest one small file read and one written',
  async attach(subject) {
    const { pid } = subject;
    if (pid === null || !subject.capabilities.has('procfs')) {
      const why = subject.missing.procfs ?? 'its process is out of reach. Name it by --pid.';
      throw new Error(`Cannot attach peak-memory to ${subject.name}: ${why}`);
    }
    try {
      beginAnew(pid);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(
        `Cannot attach peak-memory to ${subject.name}: its high-water mark cannot be reset ` +
          `(${why}). Run leakbed as the same user or as root.`,
      );
    }
    return {
      sample: async () => ({}),
      async level(): Promise<Reading> {
        const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
        beginAnew(pid);
        return kib === undefined ? {} : { peakRssBytes: Number(kib) * 1024 };
      },
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function beginAnew(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

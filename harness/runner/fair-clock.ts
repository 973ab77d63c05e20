// A clock for time limits on a machine that others use too: it stands still while the gateway waits
// for a processor, so that a limit means the same work everywhere. It runs at a third of real time
// at least: whoever waits for the end is not kept for ever.
// Source: the kernel's sched-stats.rst for /proc/PID/schedstat (ns on a processor, ns in line).

import { readFileSync } from 'node:fs';

const mostWaitShare = 2 / 3;

export function fairClock(
  nowMs: () => number,
  pid: number | null,
  read: (path: string) => string = (path) => readFileSync(path, 'latin1'),
): () => number {
  const startedMs = nowMs();
  const waitedMs = () => {
    try {
      return Number(read(`/proc/${pid}/schedstat`).split(' ')[1]) / 1e6 || 0;
    } catch {
      // Another system, or a process that is out of reach: real time it is.
      return 0;
    }
  };
  const waitedBeforeMs = waitedMs();
  return () => {
    const passedMs = nowMs() - startedMs;
    const lostMs = Math.max(0, waitedMs() - waitedBeforeMs);
    return startedMs + passedMs - Math.min(lostMs, mostWaitShare * passedMs);
  };
}

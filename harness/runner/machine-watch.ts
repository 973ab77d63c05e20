// How fit the machine was to measure on: time that a hypervisor took from it, and time that leakbed
// itself stood in line for a processor. Levels at rest do not mind; latencies and rates do, and the
// verdict says so. Sources: proc(5) for /proc/stat (steal, field 8); the kernel's sched-stats.rst
// for /proc/PID/schedstat (ns on a processor, ns in line for one).

import { readFileSync } from 'node:fs';

export interface MachineWatch {
  /** Shares since the watch began; a share that this system does not tell is left out. */
  shares(): MachineShares;
}

export interface MachineShares {
  readonly stealShare?: number;
  readonly waitShare?: number;
}

type Read = (path: string) => string;

const readText: Read = (path) => readFileSync(path, 'latin1');

export function watchMachine(read: Read = readText): MachineWatch {
  const before = counters(read);
  return {
    shares() {
      const after = counters(read);
      const stealShare = shareOf(before.machine, after.machine);
      const waitShare = shareOf(before.own, after.own);
      return {
        ...(stealShare !== null && { stealShare }),
        ...(waitShare !== null && { waitShare }),
      };
    },
  };
}

/** A hypervisor that takes more than this is heard of; so is a queue that costs more than that. */
const muchSteal = 0.05;
const muchWait = 0.3;

export function machineWarnings({
  stealShare = 0,
  waitShare = 0,
}: MachineShares): readonly string[] {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const meaning =
    'Latencies and rates of this run are those of a busy machine; levels at rest hold.';
  return [
    ...(stealShare > muchSteal
      ? [`The hypervisor took ${percent(stealShare)} of the machine's time. ${meaning}`]
      : []),
    ...(waitShare > muchWait
      ? [`leakbed stood in line for a processor for ${percent(waitShare)} of its time. ${meaning}`]
      : []),
  ];
}

/** Warns at the end of what has been seen since now. */
export function tellOfMachine(warn: (text: string) => void): Disposable {
  const watch = watchMachine();
  return {
    [Symbol.dispose]() {
      for (const text of machineWarnings(watch.shares())) warn(text);
    },
  };
}

/** The part that was lost and the whole, as counters. */
type Counter = readonly [lost: number, whole: number] | null;

function counters(read: Read): { readonly machine: Counter; readonly own: Counter } {
  const numbers = (path: string, line: RegExp) => {
    try {
      return line.exec(read(path))?.[1]?.trim().split(/\s+/).map(Number) ?? [];
    } catch {
      return [];
    }
  };
  // user nice system idle iowait irq softirq steal; guest time is contained in user.
  const times = numbers('/proc/stat', /^cpu +(.*)/).slice(0, 8);
  const [ran, waited] = numbers('/proc/self/schedstat', /^(.*)/);
  const steal = times[7];
  return {
    machine: steal === undefined ? null : [steal, times.reduce((a, b) => a + b, 0)],
    own: ran === undefined || waited === undefined ? null : [waited, ran + waited],
  };
}

function shareOf(before: Counter, after: Counter): number | null {
  if (before === null || after === null || after[1] <= before[1]) return null;
  return (after[0] - before[0]) / (after[1] - before[1]);
}

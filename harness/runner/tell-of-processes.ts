// A gateway of several processes is measured as one from outside, and in one of them from inside.
// At the end of a run it is told which those were and which of them grew most.

import { procMemory } from '../probes/proc-memory.ts';
import { executableName } from '../subjects/process-info.ts';
import type { Subject } from '../subjects/subject.ts';

export interface ProcessShare {
  readonly pid: number;
  readonly name: string;
  readonly anonBytes: number;
  /** Since the watch began; all that it has, where it was started later. */
  readonly grownBytes: number;
}

/** The warning is made when the watch is disposed of; nothing is said of a single process. */
export function tellOfProcesses(subject: Subject, warn: (text: string) => void): AsyncDisposable {
  const before = memoryByProcess(subject);
  return {
    async [Symbol.asyncDispose]() {
      const shares = [...memoryByProcess(subject)].map(([pid, anonBytes]) => ({
        pid,
        name: executableName(pid),
        anonBytes,
        grownBytes: anonBytes - (before.get(pid) ?? 0),
      }));
      if (shares.length > 1) warn(sentenceOf(shares, subject));
    },
  };
}

const named = 4;
const mib = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

export function sentenceOf(
  shares: readonly ProcessShare[],
  { pid, capabilities }: Pick<Subject, 'pid' | 'capabilities'>,
): string {
  const worst = [...shares].sort((a, b) => b.grownBytes - a.grownBytes);
  const told = worst.slice(0, named).map(({ pid: id, name, anonBytes, grownBytes }) => {
    const sign = grownBytes < 0 ? '-' : '+';
    return `PID ${id} (${name}) ${mib(anonBytes)}, ${sign}${mib(Math.abs(grownBytes))}`;
  });
  const rest = worst.length > named ? `; and ${worst.length - named} more` : '';
  const seenInside = capabilities.has('inspector') || capabilities.has('python-agent');
  const inside = seenInside
    ? ` From inside only PID ${pid} is seen: its rates per request are those of its share.`
    : '';
  return (
    `The gateway is ${shares.length} processes; memory, descriptors and sockets are their sums. ` +
    `The one that grew most comes first: ${told.join('; ')}${rest}.${inside}`
  );
}

function memoryByProcess({ processes, capabilities }: Subject): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  if (processes === undefined || !capabilities.has('procfs')) return found;
  for (const pid of processes()) {
    try {
      const memory = procMemory(pid);
      try {
        found.set(pid, memory.read().anonBytes);
      } finally {
        memory.close();
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

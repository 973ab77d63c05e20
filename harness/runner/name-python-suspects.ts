// Who keeps the memory of a Python gateway? One stretch of work under tracemalloc: what it made and
// is still alive after a collection, by the innermost line of the application, and which types of
// object became more. tracemalloc multiplies the gateway's CPU time, so only for a proven leak.
// Source: https://docs.python.org/3/library/tracemalloc.html

import { readlinkSync } from 'node:fs';
import { relative } from 'node:path';
import { connectToPython } from '../probes/python-client.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Suspect } from '../verdict.ts';
import { type DiagnosisWork, workUntil } from './diagnosis-work.ts';
import { fairClock } from './fair-clock.ts';

export interface PythonDiagnosis {
  /** Lines of the application, the largest first. */
  readonly suspects: readonly Suspect[];
  /** "builtins.dict 2, app.Session 1": objects more per request, the most first. */
  readonly grownTypes: string;
  /** What there was no time for, in words; null when it was all done. */
  readonly cutShort: string | null;
}

export interface PythonDiagnosisOptions extends DiagnosisWork {
  /** The application's folder; default: the subject's working directory. */
  readonly root?: string;
  /** No work is begun later than this. */
  readonly limitMs?: number;
}

const usualLimitMs = 20_000;
/** Of its time, what is left to end the trace in. */
const traceShare = 0.25;

/** Calls of a web framework are deep, and the application's own lie below the library's. */
const frames = 40;
const mostSuspects = 5;
const mostTypes = 5;
/** Objects per request below which a type's growth is chance. */
const leastGrowth = 0.1;
/** Bytes per request below which a line is chance: something made once in the stretch. */
const leastBytes = 16;
const traceLimitMs = 60_000;
/** Its first requests replace what is always held anew: the last response, a buffer, a cache. */
const settlingShare = 0.2;

export async function namePythonSuspects(
  subject: Subject,
  options: PythonDiagnosisOptions,
): Promise<PythonDiagnosis> {
  const { work, root = workingFolder(subject), limitMs = usualLimitMs } = options;
  const nowMs = fairClock(options.nowMs, subject.pid);
  const untilMs = nowMs() + (1 - traceShare) * limitMs;
  await using client = connectToPython(subject, 'a diagnosis');
  await work(Math.ceil(options.requestCount * settlingShare));
  const before = await client.ask({ do: 'trace-start', frames }, traceLimitMs);
  const requestCount = await workUntil({ ...options, nowMs }, untilMs);
  const after = await client.ask({ do: 'trace-stop', root, limit: mostSuspects }, traceLimitMs);
  const notDone = options.requestCount - requestCount;
  return {
    cutShort: notDone === 0 ? null : `${notDone} of its ${options.requestCount} requests`,
    suspects: (after.sites as readonly Site[])
      .map(({ file, line, name, bytes }) => ({
        name,
        file: file.startsWith(`${root}/`) ? relative(root, file) : file,
        line,
        kind: 'function' as const,
        bytesPerRequest: bytes / requestCount,
      }))
      .filter(({ bytesPerRequest }) => bytesPerRequest >= leastBytes),
    grownTypes: grown(before.types as Counts, after.types as Counts, requestCount),
  };
}

type Site = Readonly<{ file: string; line: number; name: string; bytes: number }>;
type Counts = Readonly<Record<string, number>>;

function grown(before: Counts, after: Counts, requestCount: number): string {
  const rates = Object.entries(after)
    .map(([type, count]) => [type, (count - (before[type] ?? 0)) / requestCount] as const)
    .filter(([, rate]) => rate >= leastGrowth)
    .sort(([, a], [, b]) => b - a);
  const words = rates.map(([type, rate]) => `${type} ${Number(rate.toPrecision(2))}`);
  return words.slice(0, mostTypes).join(', ');
}

function workingFolder({ pid }: Subject): string {
  return readlinkSync(`/proc/${pid}/cwd`);
}

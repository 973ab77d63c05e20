// Contract of a report: a pure function from judged runs to text. Where the text goes (terminal,
// file, CI system) is the caller's business; a new format is one file with one such function.

import type { RunRecord } from '../record.ts';
import type { Verdict } from '../verdict.ts';

export interface JudgedRun {
  readonly verdict: Verdict;
  readonly record: RunRecord;
}

/** `runs` are the scenarios of one invocation, in the order they ran. */
export type Reporter<Options = undefined> = (
  runs: readonly JudgedRun[],
  options?: Options,
) => string;

/** Length of a run on its own clock: the last thing it recorded. */
export function durationMs({ phases, samples, levels, requests }: RunRecord): number {
  let lastMs = 0;
  const see = (timeMs: number | null) => {
    if (timeMs !== null && timeMs > lastMs) lastMs = timeMs;
  };
  for (const phase of phases) see(phase.endMs ?? phase.startMs);
  for (const sample of samples) see(sample.timeMs);
  for (const level of levels) see(level.timeMs);
  for (const request of requests) see(request.endMs);
  return lastMs;
}

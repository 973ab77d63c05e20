// Who keeps the memory? Asked once of a target that leaks, where the user allows it: a sampling
// heap profile of a Node process, tracemalloc in a Python that carries leakbed's agent, while the
// target goes on with its own work. Snapshots, which would stand it still, are not taken.

import { sleep } from '../../injectors/determinism.ts';
import { startHeapProfile } from '../probes/heap-profile.ts';
import { namePythonSuspects } from '../runner/name-python-suspects.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Suspect } from '../verdict.ts';

export interface LookOptions {
  /** How long the target is profiled. */
  readonly forMs: number;
  /** Work done so far. */
  readonly work: () => number;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
}

/** Largest first, in bytes per unit of work; rejects with why it could not look. */
export async function lookInside(
  subject: Subject,
  options: LookOptions,
): Promise<readonly Suspect[]> {
  const { forMs, work, nowMs, signal } = options;
  const before = work();
  if (subject.pythonAgentPath !== undefined) return await traceLines(subject, options);
  await using profile = await startHeapProfile(subject, nowMs);
  await sleep(forMs, signal);
  return await profile.stop(Math.max(1, work() - before));
}

/** The diagnosis asks for work, which somebody else does here: it is given time instead. */
async function traceLines(
  subject: Subject,
  { forMs, work, nowMs, signal }: LookOptions,
): Promise<readonly Suspect[]> {
  const parts = 10;
  const pauses: number[] = [];
  const { suspects } = await namePythonSuspects(subject, {
    requestCount: parts,
    limitMs: 4 * forMs,
    nowMs,
    async work(count) {
      await sleep((forMs * count) / parts, signal);
      pauses.push(work());
    },
  });
  // The first pause is before the trace, to let what is always held be made anew.
  const done = Math.max(1, work() - (pauses[0] ?? 0));
  return suspects.map((suspect) => ({
    ...suspect,
    bytesPerRequest: (suspect.bytesPerRequest * parts) / done,
  }));
}

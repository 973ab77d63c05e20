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
  if (subject.pythonAgentPath !== undefined) {
    const parts = 10;
    const diagnosis = await namePythonSuspects(subject, {
      requestCount: parts,
      limitMs: 4 * forMs,
      nowMs,
      work: (count) => sleep((forMs * count) / parts, signal),
    });
    const done = Math.max(1, work() - before);
    return diagnosis.suspects.map((suspect) => ({
      ...suspect,
      bytesPerRequest: (suspect.bytesPerRequest * parts) / done,
    }));
  }
  await using profile = await startHeapProfile(subject, nowMs);
  await sleep(forMs, signal);
  return await profile.stop(Math.max(1, work() - before));
}

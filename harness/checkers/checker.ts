// The Checker contract: a pure function from what a run left behind to one judgement. It touches no
// clock, file or socket, so a run can be judged again years later.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import type { CheckResult, Finding, ResourceFinding, Suspect } from '../verdict.ts';

/** A judgement, and what it adds to the verdict beside its outcome. */
export interface Judgement extends Omit<CheckResult, 'checker'> {
  /** What was found out about growth; only checkers of growth say. */
  readonly finding?: Finding;
  /** Per resource, the one the finding is about first; the leak checker gives these. */
  readonly resources?: readonly ResourceFinding[];
  readonly suspects?: readonly Suspect[];
  /** Phases whose planned rate a pass rests on, and those whose times a fail rests on. */
  readonly restsOn?: {
    readonly rateOf?: readonly string[];
    readonly timeOf?: readonly string[];
  };
}

/**
 *   export const quietQueue: Checker = {
 *     name: 'quiet-queue',
 *     needs: ['queueDepth'],
 *     check: (record) => ({ outcome: 'pass', reason: '…', evidence: [], warnings: [] }),
 *   };
 */
export interface Checker {
  readonly name: string;
  /** Without samples or levels of each of these the check is inconclusive, and not run. */
  readonly needs: readonly MetricName[];
  check(record: RunRecord): Judgement;
}

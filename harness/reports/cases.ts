// The test cases of a run, for formats made of them: one per check.

import type { CheckResult } from '../verdict.ts';
import type { JudgedRun } from './reporter.ts';

export type Case = Pick<CheckResult, 'checker' | 'outcome' | 'reason' | 'evidence' | 'warnings'>;

/** The verdict gets a case of its own when no check accounts for it, so that no fail is lost. */
export function casesOf({ verdict, record }: JudgedRun): readonly Case[] {
  if (verdict.checks.some((check) => check.outcome === verdict.outcome)) return verdict.checks;
  const reason =
    record.interrupted === null ? verdict.reason : `${verdict.reason} ${record.interrupted}`;
  const own = { checker: 'verdict', outcome: verdict.outcome, reason };
  return [{ ...own, evidence: verdict.evidence, warnings: verdict.warnings }, ...verdict.checks];
}

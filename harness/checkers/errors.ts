// Judges the answers: requests that failed though nothing was injected into them. A memory verdict
// over work that was never done means little, so mostly failing is inconclusive, not a failure, and
// nothing is then known about growth. What fails while the providers are made to fail is expected.

import type { RequestRow, RunRecord } from '../record.ts';
import type { Checker, Judgement } from './checker.ts';
import { providerFaults } from './provider-faults.ts';

export interface ErrorsCheckOptions {
  /** Share of the requests that may fail unexpectedly. */
  readonly toleratedShare: number;
  /** True for a failure that the scenario itself explains; it is not counted. */
  readonly isExpected: (row: RequestRow) => boolean;
}

/** Above this share the gateway was hardly exercised. */
const uselessShare = 0.5;

export function errorsChecker(options: Partial<ErrorsCheckOptions> = {}): Checker {
  const { toleratedShare = 0.01, isExpected = () => false } = options;
  return {
    name: 'errors',
    needs: [],
    check: (record) => judge(record, toleratedShare, isExpected),
  };
}

function judge(
  record: RunRecord,
  tolerated: number,
  isExpected: (row: RequestRow) => boolean,
): Judgement {
  const total = record.requests.length;
  if (total === 0) {
    const reason = 'No request was sent, so the answers could not be judged.';
    return { outcome: 'inconclusive', reason, evidence: [], warnings: [] };
  }
  const faults = providerFaults(record);
  const errors = record.requests.filter(({ outcome }) => outcome === 'error');
  const explained = errors.filter((row) => !isExpected(row) && faults.covers(row));
  const failed = errors.filter((row) => !isExpected(row) && !faults.covers(row));
  // Requests under a fault may all fail, so the others alone say how much is too much.
  const judged = total - explained.length;
  const share = judged === 0 ? 0 : failed.length / judged;
  const note =
    explained.length === 0
      ? ''
      : ` ${explained.length} failed while ${faults.names.join(', ')} was in force, as is to be ` +
        'expected.';
  const evidence = [
    { label: 'requests', value: total },
    ...(faults.names.length === 0
      ? []
      : [{ label: 'failures under provider faults', value: explained.length }]),
    { label: 'unexpected failures', value: failed.length },
    { label: 'tolerated failures', value: Math.floor(tolerated * judged) },
  ];
  const counted = `${failed.length} of ${judged} requests failed without an injected cause`;
  if (share <= tolerated) {
    const reason =
      failed.length === 0 ? 'No request failed unexpectedly.' : `${counted}: tolerated.`;
    return { outcome: 'pass', reason: `${reason}${note}`, evidence, warnings: [] };
  }
  const why = `${counted}, most often: ${commonest(failed)}.${note}`;
  if (share > uselessShare) {
    const reason = `${why} The gateway was hardly exercised; look at its log first.`;
    return { outcome: 'inconclusive', finding: 'undecided', reason, evidence, warnings: [] };
  }
  return { outcome: 'fail', reason: why, evidence, warnings: [] };
}

function commonest(rows: readonly RequestRow[]): string {
  const words = (row: RequestRow) =>
    `${row.arm} answered ${row.status ?? 'nothing'}${row.error ? ` (${row.error})` : ''}`;
  const groups = [...Map.groupBy(rows, words)].sort(([, a], [, b]) => b.length - a.length);
  return groups[0]?.[0] ?? 'unknown';
}

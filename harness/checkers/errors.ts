// Judges the answers: requests that failed though nothing was injected into them. A memory verdict
// over work that was never done means little, so mostly failing is inconclusive, not a failure.

import type { RequestRow, RunRecord } from '../record.ts';
import type { Checker, Judgement } from './checker.ts';

export interface ErrorsCheckOptions {
  /** Share of the requests that may fail unexpectedly. */
  readonly toleratedShare: number;
  /** True for a failure that an injected fault explains; it is not counted. */
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
  const failed = record.requests.filter((row) => row.outcome === 'error' && !isExpected(row));
  const share = failed.length / total;
  const evidence = [
    { label: 'requests', value: total },
    { label: 'unexpected failures', value: failed.length },
    { label: 'tolerated failures', value: Math.floor(tolerated * total) },
  ];
  const counted = `${failed.length} of ${total} requests failed without an injected cause`;
  if (share <= tolerated) {
    const reason =
      failed.length === 0 ? 'No request failed unexpectedly.' : `${counted}: tolerated.`;
    return { outcome: 'pass', reason, evidence, warnings: [] };
  }
  const why = `${counted}, most often: ${commonest(failed)}.`;
  if (share > uselessShare) {
    const reason = `${why} The gateway was hardly exercised; look at its log first.`;
    return { outcome: 'inconclusive', reason, evidence, warnings: [] };
  }
  return { outcome: 'fail', reason: why, evidence, warnings: [] };
}

function commonest(rows: readonly RequestRow[]): string {
  const words = (row: RequestRow) =>
    `${row.arm} answered ${row.status ?? 'nothing'}${row.error ? ` (${row.error})` : ''}`;
  const groups = [...Map.groupBy(rows, words)].sort(([, a], [, b]) => b.length - a.length);
  return groups[0]?.[0] ?? 'unknown';
}

// Latency and outcomes by kind of work, and the errors seen: the plain counts behind the plots.

import type { RequestRow } from '../record.ts';
import { quantileOfSorted } from '../stats/quantile.ts';

export interface ArmLatency {
  readonly arm: string;
  readonly requestCount: number;
  readonly abortedCount: number;
  readonly errorCount: number;
  readonly ttftP50Ms: number | null;
  readonly ttftP99Ms: number | null;
  readonly endToEndP50Ms: number | null;
  readonly endToEndP99Ms: number | null;
}

/** End-to-end figures are of complete answers: an aborted one is as short as its abort. */
export function latencyByArm(requests: readonly RequestRow[]): ArmLatency[] {
  const arms = Map.groupBy(requests, (request) => request.arm);
  return [...arms]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([arm, rows]) => {
      const ttft = sorted(rows.flatMap((row) => (row.ttftMs === null ? [] : [row.ttftMs])));
      const complete = rows.filter((row) => row.outcome === 'ok');
      const endToEnd = sorted(complete.map((row) => row.endMs - row.startMs));
      return {
        arm,
        requestCount: rows.length,
        abortedCount: rows.filter((row) => row.outcome === 'aborted').length,
        errorCount: rows.filter((row) => row.outcome === 'error').length,
        ttftP50Ms: quantileOfSorted(ttft, 0.5),
        ttftP99Ms: quantileOfSorted(ttft, 0.99),
        endToEndP50Ms: quantileOfSorted(endToEnd, 0.5),
        endToEndP99Ms: quantileOfSorted(endToEnd, 0.99),
      };
    });
}

export interface ErrorCount {
  readonly text: string;
  readonly count: number;
}

/** The most frequent error texts first. */
export function commonErrors(requests: readonly RequestRow[], limit = 8): ErrorCount[] {
  const failed = requests.filter((request) => request.outcome === 'error');
  const texts = Map.groupBy(failed, ({ error, status }) =>
    (error ?? `HTTP status ${status ?? 'unknown'}`).slice(0, 300),
  );
  return [...texts]
    .map(([text, rows]) => ({ text, count: rows.length }))
    .toSorted((a, b) => b.count - a.count)
    .slice(0, limit);
}

const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);

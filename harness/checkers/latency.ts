// Latency of the answers that came whole, for the verdict's table. Warm-up is left out.

import type { RequestRow } from '../record.ts';
import { quantile } from '../stats/quantile.ts';
import type { Verdict } from '../verdict.ts';

export function latencyOf(requests: readonly RequestRow[]): Verdict['latency'] {
  const whole = requests.filter((row) => row.outcome === 'ok' && row.phase !== 'warm-up');
  const ttft = whole.flatMap((row) => (row.ttftMs === null ? [] : [row.ttftMs]));
  const endToEnd = whole.map((row) => row.endMs - row.startMs);
  return {
    ttftP50Ms: quantile(ttft, 0.5),
    ttftP99Ms: quantile(ttft, 0.99),
    endToEndP50Ms: quantile(endToEnd, 0.5),
    endToEndP99Ms: quantile(endToEnd, 0.99),
  };
}

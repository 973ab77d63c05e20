// Does the gateway's pool of connections to its providers keep to its bound? Read several times a
// second while it works: as many as requests are in flight, and some to spare, are what a pool
// needs; one that opens anew and forgets the old goes beyond.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import { median } from '../stats/median.ts';
import { quantile } from '../stats/quantile.ts';
import type { Evidence } from '../verdict.ts';
import type { Checker, Judgement } from './checker.ts';
import { valuesBetween } from './recovery.ts';

export interface ConnectionPoolOptions {
  readonly phase: string;
  /** Most connections of its own that the gateway may have open at once. */
  readonly limit: number;
}

export function connectionPoolChecker({
  phase = 'stress',
  limit,
}: Pick<ConnectionPoolOptions, 'limit'> & Partial<ConnectionPoolOptions>): Checker {
  return {
    name: 'connection-pool',
    needs: ['outboundCount'],
    check: (record) => judge(record, { phase, limit }),
  };
}

function judge(record: RunRecord, { phase, limit }: ConnectionPoolOptions): Judgement {
  const marks = record.phases.filter(({ name }) => name === phase);
  const during = (metric: MetricName) => {
    const samples = record.samples.filter((sample) => sample.metric === metric);
    return marks.flatMap(({ startMs, endMs }) => valuesBetween(samples, startMs, endMs));
  };
  const atRest = record.levels.filter((level) => level.phase === phase);
  const outbound = during('outboundCount');
  const resting = atRest.flatMap(({ values }) => values.outboundCount ?? []);
  const peak = quantile([...outbound, ...resting], 1);
  if (peak === null) {
    const reason = `No connection was counted in phase "${phase}".`;
    return { outcome: 'inconclusive', reason, evidence: [], warnings: [] };
  }
  const isKept = peak <= limit;
  const evidence: readonly Evidence[] = [
    { label: 'connections to providers, most', value: peak },
    { label: 'connections to providers, usual under load', value: median(outbound) ?? 0 },
    { label: 'connections to providers, usual at rest', value: median(resting) ?? 0 },
    { label: 'bound of the pool', value: limit },
    { label: 'connections in CLOSE_WAIT, most', value: quantile(during('closeWaitCount'), 1) ?? 0 },
  ];
  const reason = isKept
    ? `The gateway had ${peak} connections of its own at most; ${limit} are allowed.`
    : `The gateway had ${peak} connections of its own at once, beyond the bound of ${limit}.`;
  return { outcome: isKept ? 'pass' : 'fail', reason, evidence, warnings: [] };
}

// Does garbage collection cost the slowest requests their time? Pauses are laid over requests; the
// p99 without the paused time is what a gateway that never paused would have had, and a permutation
// test says whether pauses and slowness belong together. Only the gateway's own pauses count, not
// those that leakbed forced.

import { seededRng } from '../../injectors/determinism.ts';
import type { RequestRow, RunRecord } from '../record.ts';
import { quantile } from '../stats/quantile.ts';
import type { Evidence } from '../verdict.ts';
import type { Checker, Judgement } from './checker.ts';
import { type Interval, pausedMs, permutationP } from './pause-overlap.ts';

export interface GcLatencyOptions {
  readonly phase: string;
  /** Share of the p99 that may be collection. */
  readonly toleratedShare: number;
  /** Below it, no share of it is worth a word. */
  readonly toleratedMs: number;
  readonly alpha: number;
  /** Tells what it finds as a warning and passes; what was not measured is no trouble then. */
  readonly isAdvisory: boolean;
}

const rounds = 500;
/** Above this, evenly spread requests are judged: 500 rounds over a million would take minutes. */
const mostRequests = 10_000;
const fewestRequests = 100;

export function gcLatencyChecker(options: Partial<GcLatencyOptions> = {}): Checker {
  const { phase = 'stress', toleratedShare = 0.2, toleratedMs = 5 } = options;
  const { alpha = 0.01, isAdvisory = false } = options;
  const all = { phase, toleratedShare, toleratedMs, alpha, isAdvisory };
  return {
    name: 'gc-latency',
    needs: isAdvisory ? [] : ['gcPauseMs'],
    check: (record) => judge(record, all),
  };
}

function judge(record: RunRecord, options: GcLatencyOptions): Judgement {
  const rows = evenly(record.requests.filter((row) => isWhole(row, options.phase)));
  const pauses = pausesWithin(record, rows);
  if (rows.length < fewestRequests) {
    const reason = `Only ${rows.length} whole answers in phase "${options.phase}": too few for a p99.`;
    return { ...empty, outcome: options.isAdvisory ? 'pass' : 'inconclusive', reason };
  }
  if (pauses.length === 0) {
    const reason = 'No collection of its own paused the gateway during the work.';
    return { ...empty, outcome: 'pass', reason };
  }
  const paused = pausedMs(rows, pauses);
  const latencies = rows.map((row) => row.endMs - row.startMs);
  const without = latencies.map((latency, at) => latency - (paused[at] ?? 0));
  const [p99, p99Without] = [quantile(latencies, 0.99) ?? 0, quantile(without, 0.99) ?? 0];
  const liftMs = p99 - p99Without;
  const p = permutationP(rows, pauses, seededRng(record.header.seed).fork('gc-latency'), rounds);
  const isHarmful =
    liftMs > options.toleratedMs &&
    liftMs > options.toleratedShare * p99 &&
    p !== null &&
    p <= options.alpha;
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const reason = isHarmful
    ? `Garbage collection lifts the p99 from ${ms(p99Without)} to ${ms(p99)} (permutation p = ${p.toPrecision(1)}).`
    : `Garbage collection explains ${ms(Math.max(0, liftMs))} of the p99 of ${ms(p99)}.`;
  return {
    outcome: isHarmful && !options.isAdvisory ? 'fail' : 'pass',
    restsOn: { timeOf: [options.phase], ...(!options.isAdvisory && { rateOf: [options.phase] }) },
    reason,
    evidence: evidenceOf({ rows, pauses, paused, latencies, p99, p99Without, p }),
    warnings: isHarmful && options.isAdvisory ? [reason] : [],
  };
}

const empty = { evidence: [], warnings: [] } as const;

function isWhole(row: RequestRow, phase: string): boolean {
  return row.phase === phase && row.outcome === 'ok';
}

function evenly(rows: readonly RequestRow[]): readonly RequestRow[] {
  const step = Math.max(1, Math.ceil(rows.length / mostRequests));
  return rows.filter((_, at) => at % step === 0);
}

/** Pauses between the first request and the last; at rest they delay nobody. */
function pausesWithin({ samples }: RunRecord, rows: readonly RequestRow[]): Interval[] {
  const startMs = rows.reduce((least, row) => Math.min(least, row.startMs), Infinity);
  const endMs = rows.reduce((most, row) => Math.max(most, row.endMs), -Infinity);
  return samples
    .filter(({ metric, timeMs }) => metric === 'gcPauseMs' && timeMs >= startMs && timeMs <= endMs)
    .map(({ timeMs, value }) => ({ startMs: timeMs, endMs: timeMs + value }));
}

function evidenceOf(found: {
  readonly rows: readonly RequestRow[];
  readonly pauses: readonly Interval[];
  readonly paused: readonly number[];
  readonly latencies: readonly number[];
  readonly p99: number;
  readonly p99Without: number;
  readonly p: number | null;
}): readonly Evidence[] {
  const { rows, pauses, paused, latencies } = found;
  const hit = latencies.filter((_, at) => (paused[at] ?? 0) > 0);
  const missed = latencies.filter((_, at) => (paused[at] ?? 0) === 0);
  const lengths = pauses.map(({ startMs, endMs }) => endMs - startMs);
  const ratio = (quantile(hit, 0.99) ?? 0) / (quantile(missed, 0.99) ?? Number.NaN);
  const ms = (label: string, value: number) => ({ label, value, unit: 'ms' });
  return [
    { label: 'collections during the work', value: pauses.length },
    ms('longest pause', quantile(lengths, 1) ?? 0),
    { label: 'requests that met a pause', value: hit.length / rows.length, unit: 'share' },
    ms('p99', found.p99),
    ms('p99 without pauses', found.p99Without),
    ...(Number.isFinite(ratio)
      ? [{ label: 'p99 of those that met one', value: ratio, unit: '×' }]
      : []),
    ...(found.p === null ? [] : [{ label: 'permutation p', value: found.p }]),
  ];
}

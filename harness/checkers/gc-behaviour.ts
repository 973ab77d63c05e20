// Does the gateway's garbage collector work as it should under load: often enough, briefly, and
// mostly on the young generation? By kind: how often, how long, what share of the time. Whether
// pauses slow the slowest requests down is gc-latency.ts's question.
// Source: PERF_MEM_GC_BEHAVIOR_LOAD_001.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import { quantile } from '../stats/quantile.ts';
import type { Evidence } from '../verdict.ts';
import type { Checker, Judgement } from './checker.ts';

export interface GcBehaviourOptions {
  readonly phase: string;
  /** Share of the time under load that may be spent in pauses. */
  readonly toleratedShare: number;
  /** The longest pause that is not prolonged. */
  readonly toleratedPauseMs: number;
  /**
   * Full collections may be this share of all: more means that short-lived objects reach the old
   * generation, or that somebody collects by hand. CPython's thresholds give one in a hundred.
   */
  readonly toleratedFullShare: number;
  /** A gateway whose collections nobody sees passes, with a word about it. */
  readonly isOptional: boolean;
}

const kinds = {
  all: 'gcPauseMs',
  young: 'youngGcPauseMs',
  full: 'fullGcPauseMs',
} as const satisfies Record<string, MetricName>;

/** Fewer say nothing about a rhythm. */
const fewestPauses = 5;

export function gcBehaviourChecker(options: Partial<GcBehaviourOptions> = {}): Checker {
  const { phase = 'stress', toleratedShare = 0.1, toleratedPauseMs = 100 } = options;
  const { toleratedFullShare = 0.25, isOptional = false } = options;
  const all = { phase, toleratedShare, toleratedPauseMs, toleratedFullShare, isOptional };
  return {
    name: 'gc-behaviour',
    needs: isOptional ? [] : ['gcPauseMs'],
    check: (record) => judge(record, all),
  };
}

function judge(record: RunRecord, options: GcBehaviourOptions): Judgement {
  const rows = record.requests.filter(({ phase }) => phase === options.phase);
  const startMs = rows.reduce((least, row) => Math.min(least, row.startMs), Infinity);
  const endMs = rows.reduce((most, row) => Math.max(most, row.endMs), -Infinity);
  const of = (metric: MetricName) =>
    record.samples.filter(
      (sample) => sample.metric === metric && sample.timeMs >= startMs && sample.timeMs <= endMs,
    );
  const pauses = of(kinds.all);
  if (pauses.length < fewestPauses) {
    const reason =
      `The gateway collected ${pauses.length} times in phase "${options.phase}": ` +
      'too little work to tell how it collects.';
    const outcome = options.isOptional ? 'pass' : 'inconclusive';
    return { outcome, reason, evidence: [], warnings: [] };
  }
  const seconds = (endMs - startMs) / 1000;
  const lengths = pauses.map(({ value }) => value);
  const share = sum(lengths) / (endMs - startMs);
  const longestMs = most(lengths);
  const fullCount = of(kinds.full).length;
  const fullShare = fullCount / pauses.length;
  const isOften = fullCount >= fewestPauses && fullShare > options.toleratedFullShare;
  const complaints = [
    share > options.toleratedShare &&
      `collection takes ${percent(share)} of the time, ${percent(options.toleratedShare)} is tolerated`,
    longestMs > options.toleratedPauseMs &&
      `the longest pause is ${longestMs.toFixed(0)} ms, ${options.toleratedPauseMs} ms is tolerated`,
    isOften &&
      `${percent(fullShare)} of the collections are full ones, ${percent(options.toleratedFullShare)} is tolerated`,
  ].filter((complaint) => complaint !== false);
  return {
    outcome: complaints.length > 0 ? 'fail' : 'pass',
    // Kinds are counted; only shares and lengths are times.
    restsOn: { rateOf: [options.phase], timeOf: isOften ? [] : [options.phase] },
    reason:
      complaints.length > 0
        ? `${sentence(complaints.join('; '))}.`
        : `Collection takes ${percent(share)} of the time, ${percent(fullShare)} of the ` +
          `collections are full ones, and the longest takes ${longestMs.toFixed(1)} ms.`,
    evidence: [
      { label: 'longest time without a collection', value: longestGap(pauses), unit: 'ms' },
      ...Object.entries(kinds).flatMap(([kind, metric]) => figures(kind, of(metric), seconds)),
      ...promotion(of('tenuredBytes'), rows.length),
    ],
    warnings: [],
  };
}

function figures(kind: string, pauses: readonly { value: number }[], seconds: number): Evidence[] {
  if (pauses.length === 0) return [];
  const lengths = pauses.map(({ value }) => value);
  const figure = (label: string, value: number, unit: string) => ({
    label: `${kind} collections: ${label}`,
    value,
    unit,
  });
  return [
    figure('rate', pauses.length / seconds, 'per second'),
    figure('share of the time', sum(lengths) / 1000 / seconds, 'share'),
    figure('median pause', quantile(lengths, 0.5) ?? 0, 'ms'),
    figure('longest pause', most(lengths), 'ms'),
  ];
}

/** What reached the old generation, from its rises between two samples: a lower bound. */
function promotion(samples: readonly { value: number }[], requestCount: number): Evidence[] {
  if (samples.length < 2 || requestCount === 0) return [];
  const rises = samples.map(({ value }, at) =>
    Math.max(0, value - (samples[at - 1]?.value ?? value)),
  );
  const value = sum(rises) / requestCount;
  return [{ label: 'promoted to the old generation', value, unit: 'bytes per request' }];
}

function longestGap(pauses: readonly { timeMs: number }[]): number {
  const times = pauses.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b);
  return most(times.map((time, at) => time - (times[at - 1] ?? time)));
}

/** Hours of pauses are too many for the arguments of one call. */
function most(values: readonly number[]): number {
  return quantile(values, 1) ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Is the memory of the process, plotted over time, flat or cyclical once it has warmed up? Each
// window of the plot counts by its low, which a sawtooth of collections leaves alone; the lows of
// the later two thirds may not rise. Coarse next to the leak experiment, and what a person would
// see in the plot. Source: PERF_MEM_LEAK_ENDURANCE_LOAD_001, verification steps 1 and 2.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import type { Sample } from '../series/sample.ts';
import { kendall } from '../stats/kendall.ts';
import { median } from '../stats/median.ts';
import { quantile } from '../stats/quantile.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { Evidence } from '../verdict.ts';
import { amount } from './channel-sentence.ts';
import type { Checker, Judgement } from './checker.ts';

export interface TrendOptions {
  readonly phase: string;
  /** A rise of this share of the memory is none that a plot shows. */
  readonly toleratedShare: number;
  readonly toleratedBytes: number;
}

type Shape = 'rising' | 'cyclical' | 'flat';

interface Trend {
  readonly metric: MetricName;
  readonly shape: Shape;
  /** Over the judged part. */
  readonly rise: number;
  readonly perHour: { readonly estimate: number; readonly low: number; readonly high: number };
  readonly middle: number;
  readonly peak: number;
}

const watched = ['rssBytes', 'vmsBytes'] as const satisfies readonly MetricName[];
const windowCount = 24;
/** Fewer samples in a window have no low. */
const fewestSamples = 2;
const judgedShare = 2 / 3;
const alpha = 0.01;
const lowest = 0.1;

export function trendChecker(options: Partial<TrendOptions> = {}): Checker {
  const { phase = 'stress', toleratedShare = 0.1, toleratedBytes = 16 * 1024 ** 2 } = options;
  return {
    name: 'trend',
    needs: ['rssBytes'],
    check: (record) => judge(record, { phase, toleratedShare, toleratedBytes }),
  };
}

function judge(record: RunRecord, options: TrendOptions): Judgement {
  const mark = record.phases.findLast(({ name }) => name === options.phase);
  const lastMs = record.samples.at(-1)?.timeMs ?? 0;
  const [startMs, endMs] = [mark?.startMs ?? 0, mark?.endMs ?? lastMs];
  const trends = watched.flatMap((metric) => {
    const samples = record.samples.filter(
      (sample) => sample.metric === metric && sample.timeMs >= startMs && sample.timeMs <= endMs,
    );
    return trendOf(metric, samples, options) ?? [];
  });
  if (mark === undefined || trends.length === 0) {
    const reason = `Memory was read too seldom in phase "${options.phase}" to see a trend.`;
    return { outcome: 'inconclusive', reason, evidence: [], warnings: [] };
  }
  const rising = trends.filter(({ shape }) => shape === 'rising');
  return {
    outcome: rising.length > 0 ? 'fail' : 'pass',
    reason: trends.map(sentenceOf).join(' '),
    evidence: trends.flatMap(evidenceOf),
    warnings: [],
  };
}

function trendOf(
  metric: MetricName,
  samples: readonly Sample[],
  { toleratedShare, toleratedBytes }: TrendOptions,
): Trend | null {
  const judged = samples.slice(Math.floor(samples.length * (1 - judgedShare)));
  const lows = lowsOf(judged);
  const slope = theilSen(
    lows.map(({ timeMs }) => timeMs),
    lows.map(({ value }) => value),
    1 - alpha,
  );
  if (slope === null || slope.interval === null) return null;
  const values = judged.map(({ value }) => value);
  const middle = median(values) ?? 0;
  const spanMs = (lows.at(-1)?.timeMs ?? 0) - (lows[0]?.timeMs ?? 0);
  const rise = slope.slope * spanMs;
  const tolerated = Math.max(toleratedBytes, toleratedShare * middle);
  const p = kendall(
    lows.map(({ timeMs }) => timeMs),
    lows.map(({ value }) => value),
  )?.pUpper;
  const isRising = (p ?? 1) < alpha && slope.interval.low > 0 && rise > tolerated;
  // Hours of samples are too many for the arguments of one call.
  const [least, peak] = [quantile(values, 0) ?? 0, quantile(values, 1) ?? 0];
  const isCyclical = peak - least > tolerated;
  const perHour = (perMs: number) => perMs * 3_600_000;
  return {
    metric,
    shape: isRising ? 'rising' : isCyclical ? 'cyclical' : 'flat',
    rise,
    perHour: {
      estimate: perHour(slope.slope),
      low: perHour(slope.interval.low),
      high: perHour(slope.interval.high),
    },
    middle,
    peak,
  };
}

/** The low of each of some twenty windows, at its middle. */
function lowsOf(samples: readonly Sample[]): readonly Pick<Sample, 'timeMs' | 'value'>[] {
  const size = Math.max(fewestSamples, Math.ceil(samples.length / windowCount));
  const count = Math.floor(samples.length / size);
  return Array.from({ length: count }, (_, nth) => {
    const window = samples.slice(nth * size, (nth + 1) * size);
    const value = quantile(
      window.map((sample) => sample.value),
      lowest,
    );
    return { timeMs: window[Math.floor(size / 2)]?.timeMs ?? 0, value: value ?? 0 };
  });
}

function sentenceOf({ metric, shape, rise, middle }: Trend): string {
  const size = amount(middle, 'bytes');
  if (shape !== 'rising') return `${metric} is ${shape} around ${size} after its warm-up.`;
  return `${metric} rises by ${amount(rise, 'bytes')} over the later two thirds of the work.`;
}

function evidenceOf({ metric, shape, perHour, middle, peak }: Trend): readonly Evidence[] {
  const interval = `${amount(perHour.low, 'bytes')} to ${amount(perHour.high, 'bytes')}`;
  return [
    { label: `${metric} trend`, value: shape },
    { label: `${metric} slope`, value: perHour.estimate, unit: 'bytes per hour' },
    { label: `${metric} slope, 99 % interval`, value: interval, unit: 'per hour' },
    { label: `${metric} middle`, value: middle, unit: 'bytes' },
    { label: `${metric} peak`, value: peak, unit: 'bytes' },
  ];
}

// Judges batch sizes: what each fixed size costs in memory at its peak and in processor time, which
// of them are on the Pareto front (no other is better in both), and whether batches that suit
// themselves to the free memory take less of it when there is less, at the same pace.

import type { RunRecord } from '../record.ts';
import { median } from '../stats/median.ts';
import { type Evidence, type Outcome, worst } from '../verdict.ts';
import type { Checker, Judgement } from './checker.ts';

const MiB = 1024 ** 2;

export interface BatchingCheckOptions {
  /** Phases with fixed sizes, the largest last. */
  readonly fixedPhases: readonly string[];
  /** Adaptive, with memory enough and with little. */
  readonly adaptivePhase: string;
  readonly squeezedPhase: string;
  /** Texts in a request of each arm. */
  readonly textsOf: (arm: string) => number;
  /** With little memory the peak must be below this share of the largest size's. */
  readonly mostPeakShare: number;
  /** And processor time for a text at most this much of it. */
  readonly mostCostShare: number;
}

/** What one way of batching cost: in each round, and the median of them. */
interface Cost {
  readonly phase: string;
  readonly peaks: readonly number[];
  readonly costs: readonly number[];
  /** Resident memory at the peak, above that before the round. */
  readonly peakBytes: number;
  /** Of the gateway, for a thousand texts: its pace, whatever else runs on the machine. */
  readonly cpuMsPer1000: number;
  readonly textsPerSecond: number;
}

export function batchingChecker(options: BatchingCheckOptions): Checker {
  return {
    name: 'batching',
    needs: ['peakRssBytes', 'cpuMs'],
    check: (record) => judge(record, options),
  };
}

function judge(record: RunRecord, options: BatchingCheckOptions): Judgement {
  const { fixedPhases, adaptivePhase, squeezedPhase, textsOf } = options;
  const costOf = (phase: string) => phaseCost(record, phase, textsOf);
  const fixed = fixedPhases.map(costOf).filter((cost) => cost !== null);
  const [adaptive, squeezed] = [costOf(adaptivePhase), costOf(squeezedPhase)];
  const largest = fixed.at(-1);
  if (fixed.length < fixedPhases.length || !adaptive || !squeezed || largest === undefined) {
    const reason = 'Not every way of batching was measured.';
    return { outcome: 'inconclusive', reason, evidence: [], warnings: [] };
  }
  const front = paretoFront(fixed);
  const peak = compared(squeezed.peaks, largest.peaks, options.mostPeakShare, medianShare);
  const cost = compared(squeezed.costs, largest.costs, options.mostCostShare, shareOfSums);
  const told =
    `With little memory, adaptive batches peak at ${percent(peak.share)} of ${largest.phase} ` +
    `(${mib(squeezed.peakBytes)} against ${mib(largest.peakBytes)}; at most ` +
    `${percent(options.mostPeakShare)}) for ${percent(cost.share)} of its processor time a text ` +
    `(at most ${percent(options.mostCostShare)}). On the Pareto front of the fixed sizes: ` +
    `${front.map(({ phase }) => phase).join(', ')}.`;
  const outcome = worst([peak.outcome, cost.outcome]);
  const doubt = outcome === 'inconclusive' ? ' The rounds differ too much to tell.' : '';
  return {
    outcome,
    reason: `${told}${doubt}`,
    // The peak as well: a collector that gets no processor leaves more garbage.
    restsOn: { timeOf: [largest.phase, squeezedPhase] },
    evidence: [
      ...[...fixed, adaptive, squeezed].flatMap((cost) => evidenceOf(cost, front)),
      { label: 'peak, squeezed adaptive to largest', value: peak.share, unit: 'share' },
      { label: 'processor time a text, likewise', value: cost.share, unit: 'share' },
    ],
    warnings: [],
  };
}

/** Above the limit is what no round was below, within it what `middle` of the rounds is. */
function compared(
  of: readonly number[],
  base: readonly number[],
  most: number,
  middle: (of: readonly number[], base: readonly number[]) => number,
): { readonly share: number; readonly outcome: Outcome } {
  const share = middle(of, base);
  if (share <= most) return { share, outcome: 'pass' };
  const isDoubted = sharesOf(of, base).some((each) => each <= most);
  return { share, outcome: isDoubted ? 'inconclusive' : 'fail' };
}

const sharesOf = (of: readonly number[], base: readonly number[]) =>
  of.flatMap((value, round) => {
    const other = base[round];
    return other === undefined ? [] : [value / other];
  });

const medianShare = (of: readonly number[], base: readonly number[]) =>
  median(sharesOf(of, base)) ?? Number.NaN;

/** Processor time comes in ticks of 10 ms: of one round a quarter, of all of them little. */
const shareOfSums = (of: readonly number[], base: readonly number[]) => sum(of) / sum(base);

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function phaseCost(
  { levels, requests, samples }: RunRecord,
  phase: string,
  textsOf: (arm: string) => number,
): Cost | null {
  const rounds = levels.flatMap((level, index) => {
    const before = levels[index - 1];
    const [rest, peak] = [before?.values.rssBytes, level.values.peakRssBytes];
    if (level.phase !== phase || before === undefined) return [];
    if (rest === undefined || peak === undefined) return [];
    const rows = requests.filter(
      (row) => row.phase === phase && row.startMs >= before.timeMs && row.endMs <= level.timeMs,
    );
    const startMs = Math.min(...rows.map((row) => row.startMs));
    const endMs = Math.max(...rows.map((row) => row.endMs));
    const texts = sum(rows.map(({ arm }) => textsOf(arm)));
    const cpuMs = cpuAt(samples, endMs) - cpuAt(samples, startMs);
    return texts === 0 ? [] : [{ peak: peak - rest, texts, cpuMs, spanMs: endMs - startMs }];
  });
  const peaks = rounds.map(({ peak }) => peak);
  const costs = rounds.map(({ cpuMs, texts }) => (1000 * cpuMs) / texts);
  const [peakBytes, cpuMsPer1000] = [median(peaks), median(costs)];
  const textsPerSecond = median(rounds.map(({ texts, spanMs }) => (1000 * texts) / spanMs));
  if (peakBytes === null || cpuMsPer1000 === null || textsPerSecond === null) return null;
  return { phase, peaks, costs, peakBytes, cpuMsPer1000, textsPerSecond };
}

/** Between two samples the time is taken to have gone evenly. */
function cpuAt(samples: RunRecord['samples'], timeMs: number): number {
  const known = samples.filter(({ metric }) => metric === 'cpuMs');
  const after = known.findIndex((sample) => sample.timeMs >= timeMs);
  const [a, b] = [known[after - 1], known[after]];
  if (a === undefined || b === undefined) return (b ?? known.at(-1))?.value ?? 0;
  const share = (timeMs - a.timeMs) / (b.timeMs - a.timeMs);
  return a.value + share * (b.value - a.value);
}

/** Those of which no other takes less memory and less time. */
function paretoFront(costs: readonly Cost[]): readonly Cost[] {
  const isBeaten = (cost: Cost) =>
    costs.some(
      (other) =>
        other !== cost &&
        other.peakBytes <= cost.peakBytes &&
        other.cpuMsPer1000 <= cost.cpuMsPer1000,
    );
  return costs.filter((cost) => !isBeaten(cost));
}

function evidenceOf(cost: Cost, front: readonly Cost[]): readonly Evidence[] {
  const { phase, peakBytes, cpuMsPer1000, textsPerSecond } = cost;
  const mark = front.includes(cost) ? ' (Pareto front)' : '';
  return [
    { label: `${phase}: peak above rest${mark}`, value: Math.round(peakBytes), unit: 'bytes' },
    { label: `${phase}: processor time for 1,000 texts`, value: cpuMsPer1000, unit: 'ms' },
    { label: `${phase}: texts a second`, value: textsPerSecond },
  ];
}

const percent = (share: number) => `${Math.round(100 * share)} %`;
const mib = (bytes: number) => `${(bytes / MiB).toFixed(1)} MiB`;

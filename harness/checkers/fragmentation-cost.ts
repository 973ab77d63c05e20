// Does a fragmented heap make the same work slower? Cycles of one kind of work are compared: how
// fragmented the heap was when a cycle began, and how long its requests took. A rank test says
// whether the two belong together, a robust slope how much time it is. Beside that it tells what
// asking the runtime to give memory back brought.
// Source: PERF_MEM_FRAGMENTATION_ANALYSIS_002, steps 3 and 4.

import type { RunRecord } from '../record.ts';
import { fragmentation } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import { kendall } from '../stats/kendall.ts';
import { median } from '../stats/median.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { Evidence } from '../verdict.ts';
import type { Checker, Judgement } from './checker.ts';

export interface FragmentationCostOptions {
  /** Phases of the same work, before and after what fragments. */
  readonly phases: readonly string[];
  /** The phase in which the runtime was asked to give memory back. */
  readonly reclaimPhase: string;
  /** Of the median latency, at the most fragmented heap that was seen. */
  readonly toleratedShare: number;
  readonly alpha: number;
}

/** Five points whose order is the same by chance come once in 120 times. */
const fewestCycles = 5;

export function fragmentationCostChecker({
  phases,
  reclaimPhase,
  toleratedShare = 0.2,
  alpha = 0.01,
}: Pick<FragmentationCostOptions, 'phases' | 'reclaimPhase'> &
  Partial<FragmentationCostOptions>): Checker {
  const options = { phases, reclaimPhase, toleratedShare, alpha };
  return { name: 'fragmentation-cost', needs: [], check: (record) => judge(record, options) };
}

function judge(record: RunRecord, options: FragmentationCostOptions): Judgement {
  const cycles = record.levels.flatMap((level, at) => {
    const before = record.levels[at - 1];
    if (before === undefined || !options.phases.includes(level.phase)) return [];
    const share = fragmentation(before.values).heapShare;
    const latencyMs = medianLatency(record, before, level);
    return share === null || latencyMs === null ? [] : [{ share, latencyMs }];
  });
  const evidence = reclaimed(record, options.reclaimPhase);
  const shares = cycles.map(({ share }) => share);
  const latencies = cycles.map(({ latencyMs }) => latencyMs);
  if (cycles.length < fewestCycles) {
    const reason = `Only ${cycles.length} cycles had a measured heap and whole answers.`;
    return { outcome: 'inconclusive', reason, evidence, warnings: [] };
  }
  const p = kendall(shares, latencies)?.pUpper ?? 1;
  const slope = theilSen(shares, latencies, 0.99)?.slope ?? 0;
  const range = Math.max(...shares) - Math.min(...shares);
  const typical = median(latencies) ?? 0;
  const cost = typical > 0 ? Math.max(0, slope * range) / typical : 0;
  const isCostly = p <= options.alpha && cost > options.toleratedShare;
  const percent = (part: number) => `${(part * 100).toFixed(1)} %`;
  const told = `Fragmentation between ${percent(Math.min(...shares))} and ${percent(Math.max(...shares))}`;
  return {
    outcome: isCostly ? 'fail' : 'pass',
    restsOn: { timeOf: options.phases },
    reason: isCostly
      ? `${told} goes with ${percent(cost)} more latency (Kendall p = ${p.toPrecision(1)}).`
      : `${told} does not make the same work slower.`,
    evidence: [
      { label: 'cycles compared', value: cycles.length },
      { label: 'Kendall p of latency on fragmentation', value: p },
      { label: 'latency at the most fragmented heap', value: cost, unit: 'share of the median' },
      ...evidence,
    ],
    warnings: [],
  };
}

function medianLatency({ requests }: RunRecord, before: Level, after: Level): number | null {
  const isOfCycle = ({ startMs, endMs }: { startMs: number; endMs: number }) =>
    startMs >= before.timeMs && endMs <= after.timeMs;
  const whole = requests.filter((row) => row.outcome === 'ok' && isOfCycle(row));
  return median(whole.map(({ startMs, endMs }) => endMs - startMs));
}

function reclaimed({ levels }: RunRecord, phase: string): Evidence[] {
  const at = levels.findIndex((level) => level.phase === phase);
  const [before, after] = [levels[at - 1]?.values, levels[at]?.values];
  if (before?.anonBytes === undefined || after?.anonBytes === undefined) return [];
  const value = before.anonBytes - after.anonBytes;
  return [{ label: 'given back when asked to', value, unit: 'bytes' }];
}

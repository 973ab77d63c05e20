// How much of the memory that the gateway's runtime took serves nothing at rest, after a
// collection. The formulas are those of series/metrics.ts. The heap's share is judged; the native
// remainder also holds memory in use, so it is told and not judged.

import type { RunRecord } from '../record.ts';
import { fragmentation } from '../series/metrics.ts';
import { median } from '../stats/median.ts';
import type { Checker, Judgement } from './checker.ts';

export interface FragmentationOptions {
  /** Where one scenario judges several phases, each check has its own name. */
  readonly name: string;
  readonly phase: string;
  /** Of PERF_MEM_FRAGMENTATION_ANALYSIS_002: below 20 % under normal work. */
  readonly toleratedShare: number;
  /** Tells what it finds as a warning and passes. */
  readonly isAdvisory: boolean;
}

/** Spaces come in pages of 256 KiB, some half empty: of a small heap that is a large share. */
const toleratedBytes = 4 * 1024 ** 2;

export function fragmentationChecker(options: Partial<FragmentationOptions> = {}): Checker {
  const { phase = 'stress', toleratedShare = 0.2, isAdvisory = false } = options;
  return {
    name: options.name ?? 'fragmentation',
    needs: [],
    check: (record) => judge(record, { phase, toleratedShare, isAdvisory }),
  };
}

function judge(record: RunRecord, options: Omit<FragmentationOptions, 'name'>): Judgement {
  const levels = record.levels.filter(({ phase }) => phase === options.phase);
  const shares = levels.map(({ values }) => fragmentation(values));
  const middle = (of: readonly (number | null)[]) => median(of.filter((share) => share !== null));
  const heap = middle(shares.map(({ heapShare }) => heapShare));
  const native = middle(shares.map(({ nativeShare }) => nativeShare));
  if (heap === null) {
    const reason =
      `Fragmentation was not measured in phase "${options.phase}": ` +
      'it needs the spaces of V8 or the arenas of pymalloc.';
    const outcome = options.isAdvisory ? 'pass' : 'inconclusive';
    return { outcome, reason, evidence: [], warnings: [] };
  }
  const committed =
    median(levels.map(({ values }) => values.tenuredCommittedBytes ?? values.arenaBytes ?? 0)) ?? 0;
  const freeBytes = heap * committed;
  const isTooMuch = heap >= options.toleratedShare && freeBytes > toleratedBytes;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const size = `${(freeBytes / 1024 ** 2).toFixed(1)} MiB`;
  const limit = percent(options.toleratedShare);
  const reason = isTooMuch
    ? `In ${options.phase} ${percent(heap)} of the committed heap (${size}) is free after a collection; ${limit} is tolerated.`
    : `Fragmentation in ${options.phase} is ${percent(heap)} of the committed heap (${size}).`;
  return {
    outcome: isTooMuch && !options.isAdvisory ? 'fail' : 'pass',
    reason,
    evidence: [
      { label: `heap fragmentation in ${options.phase}`, value: heap, unit: 'share' },
      { label: 'free in the committed heap', value: freeBytes, unit: 'bytes' },
      ...(native === null ? [] : [{ label: 'native remainder', value: native, unit: 'share' }]),
    ],
    warnings: isTooMuch && options.isAdvisory ? [reason] : [],
  };
}

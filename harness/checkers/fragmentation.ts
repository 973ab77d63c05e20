// How much of the memory that the gateway's runtime took serves nothing at rest, after a
// collection. The formulas are those of series/metrics.ts. Of the heap its free share is judged.
// The native remainder also holds memory in use, so only its growth since the first level is.

import type { RunRecord } from '../record.ts';
import { fragmentation } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import { median } from '../stats/median.ts';
import type { Checker, Judgement } from './checker.ts';
import { joined, type Part } from './parts.ts';

export interface FragmentationOptions {
  /** Where one scenario judges several phases, each check has its own name. */
  readonly name: string;
  readonly phase: string;
  /** Of PERF_MEM_FRAGMENTATION_ANALYSIS_002: below 20 % under normal work. */
  readonly toleratedShare: number;
  /** A native allocator grows by some MiB for the first large work, and keeps them. */
  readonly toleratedNativeBytes: number;
  /** Tells what it finds as a warning and passes. */
  readonly isAdvisory: boolean;
}

/** Spaces come in pages of 256 KiB, some half empty: of a small heap that is a large share. */
const toleratedBytes = 4 * 1024 ** 2;

export function fragmentationChecker(options: Partial<FragmentationOptions> = {}): Checker {
  const {
    phase = 'stress',
    toleratedShare = 0.2,
    toleratedNativeBytes = 16 * 1024 ** 2,
    isAdvisory = false,
  } = options;
  return {
    name: options.name ?? 'fragmentation',
    needs: [],
    check: (record) => judge(record, { phase, toleratedShare, toleratedNativeBytes, isAdvisory }),
  };
}

function judge(record: RunRecord, options: Omit<FragmentationOptions, 'name'>): Judgement {
  const levels = record.levels.filter(({ phase }) => phase === options.phase);
  const shares = levels.map(({ values }) => fragmentation(values));
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
    middle(levels.map(({ values }) => values.tenuredCommittedBytes ?? values.arenaBytes)) ?? 0;
  const parts = [
    heapPart(heap, heap * committed, options),
    ...nativePart(record.levels[0], levels, options),
  ];
  const told = native === null ? [] : [{ label: 'native remainder', value: native, unit: 'share' }];
  const { outcome, reason, evidence } = joined(parts);
  return {
    outcome: options.isAdvisory ? 'pass' : outcome,
    reason,
    evidence: [...evidence, ...told],
    warnings: options.isAdvisory && outcome !== 'pass' ? [reason] : [],
  };
}

type Limits = Omit<FragmentationOptions, 'name' | 'isAdvisory'>;

function heapPart(share: number, freeBytes: number, { phase, toleratedShare }: Limits): Part {
  const isTooMuch = share >= toleratedShare && freeBytes > toleratedBytes;
  const size = `${percent(share)} of the committed heap (${mib(freeBytes)})`;
  return {
    outcome: isTooMuch ? 'fail' : 'pass',
    reason: isTooMuch
      ? `In ${phase} ${size} is free after a collection; ${percent(toleratedShare)} is tolerated.`
      : `Fragmentation in ${phase} is ${size}.`,
    evidence: [
      { label: `heap fragmentation in ${phase}`, value: share, unit: 'share' },
      { label: 'free in the committed heap', value: freeBytes, unit: 'bytes' },
    ],
  };
}

function nativePart(
  first: Level | undefined,
  levels: readonly Level[],
  { phase, toleratedShare, toleratedNativeBytes }: Limits,
): readonly Part[] {
  const before = first?.values.nativeBytes;
  const now = middle(levels.map(({ values }) => values.nativeBytes));
  const whole = middle(levels.map(({ values }) => values.anonBytes));
  if (before === undefined || now === null || whole === null) return [];
  const grownBytes = now - before;
  const isTooMuch = grownBytes >= toleratedNativeBytes && grownBytes / whole >= toleratedShare;
  const limit = isTooMuch ? `; ${percent(toleratedShare)} is tolerated` : '';
  return [
    {
      outcome: isTooMuch ? 'fail' : 'pass',
      reason:
        `Memory outside of the heap, of which the runtime knows no use, grew by ${mib(grownBytes)} ` +
        `until ${phase}, ${percent(grownBytes / whole)} of the process${limit}.`,
      evidence: [{ label: `native remainder grown by ${phase}`, value: grownBytes, unit: 'bytes' }],
    },
  ];
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const mib = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;

function middle(of: readonly (number | null | undefined)[]): number | null {
  return median(of.filter((value) => typeof value === 'number'));
}

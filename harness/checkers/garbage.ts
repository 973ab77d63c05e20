// How far the resident memory of a process may rise by garbage that nobody could have collected
// before it was read: up to there growth is no leak. Each runtime hoards in its own way.
// Sources: V8, measured here; CPython Modules/gcmodule.c (a full collection waits until a quarter
// of what lives long is new); Go src/runtime/mgcpacer.go (GOGC 100: the heap may double, and is not
// collected below 4 MiB).

import type { Runtime } from '../subjects/process-info.ts';
import type { ExperimentOptions } from './experiment-options.ts';

export interface GarbageRule {
  readonly leastBytes: number;
  /** Of the resident memory at the first level; the larger of the two counts. */
  readonly shareOfFirst: number;
  /** What a leak may fill before resident memory shows it. */
  readonly hiddenBytes: number;
  /** How the live heap could be read instead. */
  readonly remedy: string;
}

const MiB = 1024 ** 2;

/** A clean Node gateway was seen to rise by 150 MiB, as straight as a leak, in 17 cycles. */
export const hoarding: GarbageRule = {
  leastBytes: 512 * MiB,
  shareOfFirst: 0,
  hiddenBytes: 0,
  remedy: 'Make the live heap readable (Node: --inspect=127.0.0.1:0)',
};

const rules: Readonly<Partial<Record<Runtime, GarbageRule>>> = {
  python: {
    leastBytes: MiB,
    shareOfFirst: 0.25,
    hiddenBytes: 0,
    remedy: 'Let leakbed start the gateway, so that its agent reads the live heap',
  },
  go: {
    leastBytes: 8 * MiB,
    shareOfFirst: 1,
    hiddenBytes: 4 * MiB,
    remedy: 'Warm it up with more requests',
  },
};

/** The experiment for a process of this runtime, as the record's head names it. */
export function fitToRuntime(
  runtime: string | number | null | undefined,
  experiment: ExperimentOptions,
): ExperimentOptions {
  const rule = Object.entries(rules).find(([name]) => name === runtime)?.[1];
  return rule === undefined ? experiment : { ...experiment, garbage: rule };
}

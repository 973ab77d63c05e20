// PERF_MEM_OPTIMAL_BATCHING_007: embeddings of requests of mixed sizes, in calls of several fixed
// sizes and of sizes that suit themselves to the free memory, with much of it and with little.

import { batchingChecker } from '../checkers/batching.ts';
import { errorsChecker } from '../checkers/errors.ts';
import type { Arm } from '../load/workload.ts';
import type { CyclesPhase, Phase, Scale, Scenario } from '../scenario.ts';
import { embeddingsArm } from './arms.ts';

interface ScaleSettings {
  /** Texts of one call to the provider. */
  readonly fixedSizes: readonly number[];
  readonly rounds: number;
  readonly requests: number;
}

/** What Vertex AI takes in one call. */
const providerLimit = 250;

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: { fixedSizes: [16, 64, providerLimit], rounds: 5, requests: 4 },
  ci: { fixedSizes: [4, 16, 64, 128, providerLimit], rounds: 7, requests: 4 },
  full: { fixedSizes: [1, 4, 16, 32, 64, 128, providerLimit], rounds: 400, requests: 4 },
};

/** One, or the peak is how many answers happen to come together. */
const userCount = 1;
/** Texts of one request after the other, so that small and large ones meet the same sizes. */
const textCounts = [100, 250, 150, 250] as const;
const meanTexts = textCounts.reduce((sum, count) => sum + count, 0) / textCounts.length;

/** In turn and not by chance, so that every round does the same; undefined leaves the size free. */
function mixed(textsPerCall?: number): readonly Arm[] {
  return [
    embeddingsArm({
      name: 'vertex/mixed',
      provider: 'vertex',
      weight: 1,
      textCount: textCounts,
      words: { dims: 768 },
      ...(textsPerCall !== undefined && { textsPerCall }),
    }),
  ];
}

const fixedPhase = (size: number) => `fixed-${size}`;

/** What the gateway may still take when memory is made little. */
const pressure = {
  fault: 'memory-pressure',
  // A limit that the kernel enforces would end a V8 that has garbage to spare.
  options: { via: 'hint', headroom: '24MiB', steps: 1 },
} as const;

export const optimalBatching: Scenario = {
  id: 'optimal-batching',
  title: 'Sizes of embedding batches: memory against pace, fixed and adaptive',
  covers: ['PERF_MEM_OPTIMAL_BATCHING_007'],
  description:
    'Does the same mixed embedding work in calls of several fixed sizes, and in calls that the ' +
    'gateway sizes itself, with memory enough and with little; compares memory at the peak and ' +
    'processor time.',
  expectation:
    'With little memory, adaptive batches take less of it at their peak than the largest fixed ' +
    'ones, and no more than three fifths more processor time.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: (scale) => [
    batchingChecker({
      fixedPhases: settings[scale].fixedSizes.map(fixedPhase),
      adaptivePhase: 'adaptive',
      squeezedPhase: 'adaptive-squeezed',
      textsOf: () => meanTexts,
      mostPeakShare: 0.9,
      // Small calls cost a Python gateway a third more.
      mostCostShare: 1.6,
    }),
    errorsChecker(),
  ],
};

function phases({ fixedSizes, rounds, requests }: ScaleSettings): readonly Phase[] {
  const work = (name: string, title: string, arms: CyclesPhase['arms']): CyclesPhase => ({
    kind: 'cycles',
    name,
    title,
    arms,
    userCount,
    requestsPerCycle: [requests, requests],
    maxCycles: 1,
    maxSeconds: 3600,
    experiment: null,
  });
  // Each way of batching begins at the same rest.
  const apart = (phase: CyclesPhase): readonly Phase[] => [
    phase,
    { kind: 'reclaim', name: 'reclaim', title: 'unused memory is given back' },
  ];
  // In rounds, so that what changes with time meets every way alike.
  const round = [
    ...fixedSizes.map((size) => work(fixedPhase(size), `calls of ${size} texts`, mixed(size))),
    work('adaptive', 'calls that the gateway sizes, memory enough', mixed()),
    {
      ...work('adaptive-squeezed', 'calls that the gateway sizes, little memory', mixed()),
      faults: [pressure],
    },
  ].flatMap(apart);
  return [
    ...apart(work('warm-up', 'all sizes, until code is warm', mixed())),
    ...apart(work('warm-up', 'all sizes, until code is warm', mixed(fixedSizes[0]))),
    ...Array.from({ length: rounds }, () => round).flat(),
  ];
}

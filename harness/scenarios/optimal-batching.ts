// PERF_MEM_OPTIMAL_BATCHING_007: embeddings of requests of mixed sizes, in calls of several fixed
// sizes and of sizes that suit themselves to the free memory, with much of it and with little.

import { batchingChecker } from '../checkers/batching.ts';
import { errorsChecker } from '../checkers/errors.ts';
import type { CyclesPhase, Phase, Scale, Scenario } from '../scenario.ts';
import { embeddingModels, embeddingsArm } from './arms.ts';

interface ScaleSettings {
  /** Texts of one call to the provider. */
  readonly fixedSizes: readonly number[];
  readonly rounds: number;
  readonly requests: number;
}

/** The whole of the largest request. */
const largest = 64;

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: { fixedSizes: [4, 16, largest], rounds: 2, requests: 4 },
  ci: { fixedSizes: [2, 4, 8, 16, largest], rounds: 4, requests: 8 },
  full: { fixedSizes: [1, 2, 4, 8, 16, 32, largest], rounds: 50, requests: 60 },
};

const userCount = 2;
/** With their weights. */
const textCounts = [
  [16, 1],
  [largest, 3],
] as const;
/** Large vectors, so that what a call costs by itself does not hide what its texts cost. */
const words = { dims: 3072 };

/** Small and large requests share the gateway; undefined leaves the size to it. */
const mixed = (textsPerCall?: number) =>
  textCounts.map(([textCount, weight]) =>
    embeddingsArm({
      name: `vertex/${textCount}-texts`,
      provider: 'vertex',
      model: embeddingModels.vertex,
      weight,
      textCount,
      words,
      ...(textsPerCall !== undefined && { textsPerCall }),
    }),
  );

const textsOf = (arm: string) => Number(/\/(\d+)-texts$/.exec(arm)?.[1] ?? 0);
const fixedPhase = (size: number) => `fixed-${size}`;

/** What the gateway may still take when memory is made little. */
const pressure = {
  fault: 'memory-pressure',
  // A limit that the kernel enforces would end a V8 that has garbage to spare.
  options: { via: 'hint', headroom: '64MiB', steps: 1 },
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
    'ones, and no more than a third more processor time.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: (scale) => [
    batchingChecker({
      fixedPhases: settings[scale].fixedSizes.map(fixedPhase),
      adaptivePhase: 'adaptive',
      squeezedPhase: 'adaptive-squeezed',
      textsOf,
      mostPeakShare: 0.9,
      mostCostShare: 1.35,
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

// PERF_MEM_AUTOMATED_PROFILING_001: profiling that runs by itself. A baseline of normal work, then
// stretches in which the gateway is made to leak, or not: each must be told for what it is.

import { detectionChecker, type Trial } from '../checkers/detection.ts';
import { errorsChecker } from '../checkers/errors.ts';
import { type ExperimentOptions, gatewayExperiment } from '../checkers/experiment-options.ts';
import type { CyclesPhase, Phase, Scale, Scenario } from '../scenario.ts';
import { chatArm, type ProviderName } from './arms.ts';

interface ScaleSettings {
  readonly requestsPerCycle: readonly [low: number, high: number];
  readonly rounds: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: { requestsPerCycle: [24, 48], rounds: 1 },
  ci: { requestsPerCycle: [60, 120], rounds: 3 },
  full: { requestsPerCycle: [300, 600], rounds: 12 },
};

interface Round {
  readonly name: string;
  readonly title: string;
  readonly leak: { readonly kind: string; readonly bytes: number } | null;
}

/** A round of trials; leaks differ in where they show. */
const round: readonly Round[] = [
  { name: 'quiet', title: 'nothing is planted', leak: null },
  {
    name: 'objects',
    title: 'the gateway keeps objects',
    leak: { kind: 'objects', bytes: 8192 },
  },
  {
    name: 'buffers',
    title: 'the gateway keeps buffers',
    leak: { kind: 'buffers', bytes: 16_384 },
  },
];

const chat = (provider: ProviderName, isStreamed: boolean) =>
  chatArm({
    name: `${provider}/${isStreamed ? 'stream' : 'answer'}`,
    provider,
    weight: 1,
    isStreamed,
    words: { chunks: 10, bytes: 48 },
  });

const arms = (['bedrock', 'vertex'] as const).flatMap((provider) => [
  chat(provider, true),
  chat(provider, false),
]);
const userCount = 8;
/** V8 gains feedback and code by the kilobyte for each of its first thousand requests. */
const warmUpRequests = 1200;
/** A slow gateway is not waited for longer. */
const warmUpSeconds = 20;
const maxCycles = 30;

/** The plan's own figures; what was reached is told as evidence. */
const limits = { limitSeconds: 900, toleratedFalseShare: 0.05 };

const experiment: ExperimentOptions = {
  ...gatewayExperiment,
  looks: [7, 9, 11, 13, 16, 20, 25, 30],
  requestsBefore: warmUpRequests,
};

export const automatedProfiling: Scenario = {
  id: 'automated-profiling',
  title: 'Profiling that runs by itself: planted leaks are told from normal work',
  covers: ['PERF_MEM_AUTOMATED_PROFILING_001'],
  description:
    'Takes a baseline, then makes the gateway leak objects, leak buffers, or nothing, in turn and ' +
    'unchanged otherwise; the profiler must say which was which, how fast it grows and where.',
  expectation:
    'Every planted leak is found within 15 minutes; fewer than one stretch in twenty without one ' +
    'raises an alarm.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: (scale) => [
    detectionChecker({ trials: trials(settings[scale]), experiment, ...limits }),
    errorsChecker(),
  ],
};

function rounds({ rounds: count }: ScaleSettings): readonly Round[] {
  return Array.from({ length: count }, (_, nth) =>
    round.map((trial) => ({ ...trial, name: nth === 0 ? trial.name : `${trial.name}-${nth + 1}` })),
  ).flat();
}

function trials(scale: ScaleSettings): readonly Trial[] {
  return rounds(scale).map(({ name, leak }) => ({
    phase: name,
    leak: leak && { bytesPerRequest: leak.bytes },
  }));
}

function phases(scale: ScaleSettings): readonly Phase[] {
  const work = { kind: 'cycles', arms, userCount, maxSeconds: 600 } as const;
  return [
    {
      ...work,
      name: 'warm-up',
      title: 'work that is not judged, until caches and code are warm',
      requestsPerCycle: [warmUpRequests / 4, warmUpRequests / 4],
      maxCycles: 4,
      maxSeconds: warmUpSeconds,
      experiment: null,
    },
    ...rounds(scale).map(
      ({ name, title, leak }): CyclesPhase => ({
        ...work,
        name,
        title,
        requestsPerCycle: scale.requestsPerCycle,
        maxCycles,
        experiment,
        ...(leak !== null && {
          faults: [
            { fault: 'synthetic-leak', options: { kind: leak.kind, bytes: `${leak.bytes}B` } },
          ],
        }),
      }),
    ),
    { kind: 'rest', name: 'settle', title: 'healed, at rest', seconds: 1, levelCount: 1 },
  ];
}

// PERF_MEM_LEAK_STREAMING_CONNECTIONS_002: many streams opened and closed, some of them left by
// their client half-way. The experiment regresses the memory at rest on the number of streams.

import { clientAbortsChecker } from '../checkers/client-aborts.ts';
import { errorsChecker } from '../checkers/errors.ts';
import { type ExperimentOptions, gatewayExperiment } from '../checkers/experiment-options.ts';
import { fragmentationChecker } from '../checkers/fragmentation.ts';
import { gcLatencyChecker } from '../checkers/gc-latency.ts';
import { leakChecker } from '../checkers/leak.ts';
import type { Phase, Scale, Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';

interface ScaleSettings {
  readonly warmUpRequests: number;
  readonly requestsPerCycle: readonly [number, number];
  readonly maxCycles: number;
  readonly maxSeconds: number;
  /** No clean verdict before: longer runs are to see what shorter ones cannot. */
  readonly minCleanCycles: number;
  readonly restSeconds: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: {
    warmUpRequests: 400,
    requestsPerCycle: [90, 230],
    maxCycles: 45,
    maxSeconds: 32,
    minCleanCycles: 9,
    restSeconds: 2,
  },
  ci: {
    warmUpRequests: 800,
    requestsPerCycle: [300, 900],
    maxCycles: 25,
    maxSeconds: 90,
    minCleanCycles: 13,
    restSeconds: 10,
  },
  full: {
    warmUpRequests: 2000,
    requestsPerCycle: [300, 900],
    maxCycles: 400,
    maxSeconds: 3600,
    minCleanCycles: 200,
    restSeconds: 330,
  },
};

const complete = (provider: ProviderName): ChatArm => ({
  name: `${provider}/complete`,
  provider,
  weight: 1,
  isStreamed: true,
  words: { chunks: 12, bytes: 32 },
});

/** The stream would go on for a quarter of a second; the client leaves after three events. */
const aborted = (provider: ProviderName): ChatArm => ({
  name: `${provider}/aborted`,
  provider,
  weight: 1,
  isStreamed: true,
  words: { chunks: 100, bytes: 32, gap: '3ms' },
  clientFault: 'abort;at=3',
});

const completeArms = [complete('bedrock'), complete('vertex')].map(chatArm);
const mixedArms = [...completeArms, ...[aborted('bedrock'), aborted('vertex')].map(chatArm)];
const userCount = 8;
const baselineCycles = 3;

export const streamingConnections: Scenario = {
  id: 'streaming-connections',
  title: 'Streams that complete and streams whose client leaves',
  covers: ['PERF_MEM_LEAK_STREAMING_CONNECTIONS_002'],
  description:
    'Opens many streams on both providers; half are read to the end, half are left after three ' +
    'events. After each cycle the gateway comes to rest, its garbage is collected, and memory, ' +
    'sockets and descriptors are read.',
  expectation:
    'Memory at rest does not grow with the number of streams; what a stream held is released ' +
    'promptly after it ended or its client left.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: (scale) => [
    leakChecker({ experiment: experimentOf(settings[scale]) }),
    clientAbortsChecker(),
    errorsChecker(),
    // Told beside the verdict: this scenario is about what is kept, not about what it costs.
    gcLatencyChecker({ isAdvisory: true }),
    fragmentationChecker({ isAdvisory: true }),
  ],
};

/** Growth is told from warm-up by its exponent, which counts from the process's first request. */
function experimentOf(settings: ScaleSettings): ExperimentOptions {
  const { warmUpRequests, requestsPerCycle, minCleanCycles, maxCycles } = settings;
  const [low, high] = requestsPerCycle;
  const requestsBefore = warmUpRequests + (baselineCycles * (low + high)) / 2;
  const looks = looksUpTo(maxCycles);
  return { ...gatewayExperiment, requestsBefore, minCleanCycles, looks };
}

/** The preset's looks, and further ones a quarter more cycles apart each. */
function looksUpTo(maxCycles: number): readonly number[] {
  const looks = [...gatewayExperiment.looks];
  for (let look = looks.at(-1) ?? 7; look < maxCycles; ) {
    look = Math.min(maxCycles, Math.ceil(look * 1.25));
    looks.push(look);
  }
  return looks;
}

function phases(scale: ScaleSettings): readonly Phase[] {
  const { warmUpRequests, requestsPerCycle, maxCycles, maxSeconds, restSeconds } = scale;
  const work = { kind: 'cycles', userCount, experiment: null, maxSeconds } as const;
  return [
    {
      ...work,
      name: 'warm-up',
      title: 'streams that are not judged, until caches and code are warm',
      arms: mixedArms,
      requestsPerCycle: [warmUpRequests / 2, warmUpRequests / 2],
      maxCycles: 2,
    },
    {
      ...work,
      name: 'baseline',
      title: 'streams that are read to the end',
      arms: completeArms,
      requestsPerCycle,
      maxCycles: baselineCycles,
    },
    {
      ...work,
      name: 'stress',
      title: 'half of the clients leave after three events',
      arms: mixedArms,
      requestsPerCycle,
      maxCycles,
      experiment: experimentOf(scale),
    },
    { kind: 'drain', name: 'heal', title: 'waiting for the last work to end', maxSeconds: 30 },
    {
      kind: 'watch',
      name: 'release',
      title: 'at rest after a leak, to see whether it is given back late or grows with time',
      after: 'stress',
      experiment: experimentOf(scale),
      seconds: 27,
      levelCount: 9,
    },
    {
      kind: 'rest',
      name: 'settle',
      title: 'at rest, to see what comes back',
      seconds: restSeconds,
      levelCount: 2,
    },
  ];
}

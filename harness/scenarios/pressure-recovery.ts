// PERF_MEM_PRESSURE_RECOVERY_005: the memory that a gateway may take comes down step by step while
// it works, and is given back. On a gateway with a cgroup of its own it is the cgroup's limit, and
// elsewhere the process's (injectors/ambient/memory-pressure.ts); the journal says which.

import { errorsChecker } from '../checkers/errors.ts';
import { pressureChecker } from '../checkers/pressure.ts';
import type { LoadPhase, Phase, Scale, Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';

interface ScaleSettings {
  readonly warmUpRequests: number;
  /** Of each phase with arrivals. */
  readonly seconds: number;
  readonly ratePerSecond: number;
  readonly restSeconds: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: { warmUpRequests: 200, seconds: 3, ratePerSecond: 20, restSeconds: 1 },
  ci: { warmUpRequests: 800, seconds: 20, ratePerSecond: 20, restSeconds: 5 },
  full: { warmUpRequests: 2000, seconds: 1800, ratePerSecond: 40, restSeconds: 60 },
};

const providers = ['bedrock', 'vertex'] as const satisfies readonly ProviderName[];
const arm = (provider: ProviderName, name: string, change: Partial<ChatArm>) =>
  chatArm({
    name: `${provider}/${name}`,
    provider,
    weight: 1,
    isStreamed: false,
    words: { chunks: 4, bytes: 32 },
    ...change,
  });

const arms = providers.flatMap((provider) => [
  arm(provider, 'large-prompt', { promptBytes: 200_000 }),
  arm(provider, 'large-answer', { words: { total: '256KiB', bytes: '4KiB' } }),
  arm(provider, 'stream', { isStreamed: true, words: { chunks: 40, bytes: 64 } }),
]);

/** The limit comes down to what the work itself needs, and not below. */
const headroomMiB = 160;
const steps = 4;
const maxInFlight = 8;

export const pressureRecovery: Scenario = {
  id: 'pressure-recovery',
  title: 'Less and less memory to take, and then enough again',
  covers: ['PERF_MEM_PRESSURE_RECOVERY_005'],
  description:
    'Even arrivals of large prompts, large answers and streams while the memory that the gateway ' +
    'may take is lowered in steps; then it is given back, and the same work is done again.',
  expectation:
    'The gateway does not crash; what it cannot serve it refuses with an error; once the pressure ' +
    'is relieved it serves everything and its memory is back where it began.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: () => [
    pressureChecker,
    errorsChecker({
      isExpected: ({ phase, status }) => phase === 'stress' && status !== null && status >= 500,
    }),
  ],
};

function phases(scale: ScaleSettings): readonly Phase[] {
  const { warmUpRequests, seconds, ratePerSecond, restSeconds } = scale;
  const arrivals = (name: string, title: string, span = seconds): LoadPhase => ({
    kind: 'load',
    name,
    title,
    arms,
    ratePerSecond,
    shareOfPeak: 0.5,
    seconds: span,
    maxInFlight,
  });
  // A step lasts a third of the base line, the last one two thirds.
  const everyMs = Math.round((seconds * 1000) / 3);
  const options = { headroom: `${headroomMiB}MiB`, steps, every: `${everyMs}ms` };
  return [
    {
      kind: 'cycles',
      name: 'warm-up',
      title: 'the same work, until code is warm',
      arms,
      userCount: maxInFlight,
      requestsPerCycle: [warmUpRequests, warmUpRequests],
      maxCycles: 1,
      maxSeconds: 600,
      experiment: null,
    },
    arrivals('baseline', 'memory enough'),
    {
      ...arrivals('stress', 'less memory with every step', (everyMs * (steps + 1)) / 1000),
      faults: [{ fault: 'memory-pressure', options }],
    },
    { kind: 'drain', name: 'heal', title: 'memory enough again', maxSeconds: 30 },
    arrivals('after', 'the same work once more'),
    {
      kind: 'rest',
      name: 'settle',
      title: 'at rest, to see what comes back',
      seconds: restSeconds,
      levelCount: 2,
    },
  ];
}

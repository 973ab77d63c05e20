// PERF_MEM_FRAGMENTATION_ANALYSIS_002: how much of the memory that the runtime took is holes,
// after many small objects and after a few large ones, whether the holes cost time, and what comes
// back when the runtime is asked to tidy up.

import { errorsChecker } from '../checkers/errors.ts';
import { fragmentationChecker } from '../checkers/fragmentation.ts';
import { fragmentationCostChecker } from '../checkers/fragmentation-cost.ts';
import type { CyclesPhase, Phase, Scale, Scenario } from '../scenario.ts';
import { chatArm, type ProviderName } from './arms.ts';

interface ScaleSettings {
  readonly warmUpRequests: number;
  readonly smallRequests: number;
  readonly largeRequests: number;
  readonly cycles: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: { warmUpRequests: 300, smallRequests: 120, largeRequests: 12, cycles: 5 },
  ci: { warmUpRequests: 1000, smallRequests: 500, largeRequests: 40, cycles: 10 },
  full: { warmUpRequests: 2000, smallRequests: 3000, largeRequests: 300, cycles: 60 },
};

/** Hundreds of small events: each is parsed, wrapped and let go by itself. */
const small = (provider: ProviderName) =>
  chatArm({
    name: `${provider}/small`,
    provider,
    weight: 1,
    isStreamed: true,
    words: { chunks: 60, bytes: 16 },
  });

/** One answer of a MiB, in one piece. */
const large = (provider: ProviderName) =>
  chatArm({
    name: `${provider}/large`,
    provider,
    weight: 1,
    isStreamed: false,
    words: { total: '1MiB' },
  });

const providers = ['bedrock', 'vertex'] as const;

/**
 * What answers of a MiB took the allocator keeps, until smaller work takes it: 14 to 32 MiB were
 * seen, and 2 MiB of them in the phase after.
 */
const keptForLarge = 64 * 1024 ** 2;

export const fragmentation: Scenario = {
  id: 'fragmentation',
  title: 'Holes in memory after many small objects and after a few large ones',
  covers: ['PERF_MEM_FRAGMENTATION_ANALYSIS_002'],
  description:
    'Streams of many small events, then answers of a MiB, then the small ones again. After each ' +
    'cycle, at rest and collected, what the runtime has committed is compared with what it uses; ' +
    'at the end it is asked to give memory back.',
  expectation:
    'Less than 20 % of the committed heap is free after a collection, large answers included, and ' +
    'the same work does not become slower.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: () => [
    fragmentationChecker({ phase: 'many-small', name: 'fragmentation-many-small' }),
    fragmentationChecker({
      phase: 'few-large',
      name: 'fragmentation-few-large',
      toleratedNativeBytes: keptForLarge,
    }),
    fragmentationChecker({ phase: 'small-again', name: 'fragmentation-small-again' }),
    fragmentationCostChecker({ phases: ['many-small', 'small-again'], reclaimPhase: 'reclaim' }),
    errorsChecker(),
  ],
};

function phases(scale: ScaleSettings): readonly Phase[] {
  const { warmUpRequests, smallRequests, largeRequests, cycles } = scale;
  const smallArms = providers.map(small);
  const largeArms = providers.map(large);
  const work = (
    name: string,
    title: string,
    arms: CyclesPhase['arms'],
    requests: number,
    maxCycles: number,
  ): CyclesPhase => ({
    kind: 'cycles',
    name,
    title,
    arms,
    userCount: 4,
    requestsPerCycle: [requests, requests],
    maxCycles,
    maxSeconds: 3600,
    experiment: null,
  });
  return [
    work('warm-up', 'small objects, until code is warm', smallArms, warmUpRequests / 2, 2),
    work('many-small', 'many small objects', smallArms, smallRequests, cycles),
    work('few-large', 'a few large objects', largeArms, largeRequests, cycles),
    work(
      'small-again',
      'small objects in what the large ones left',
      smallArms,
      smallRequests,
      cycles,
    ),
    { kind: 'reclaim', name: 'reclaim', title: 'asking the runtime to give memory back' },
  ];
}

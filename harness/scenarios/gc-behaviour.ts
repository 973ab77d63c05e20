// PERF_MEM_GC_BEHAVIOR_LOAD_001: how the gateway's collector behaves under sustained load, by
// kind of collection, and whether its pauses are what makes the slowest requests slow.

import { errorsChecker } from '../checkers/errors.ts';
import { gcBehaviourChecker } from '../checkers/gc-behaviour.ts';
import { gcLatencyChecker } from '../checkers/gc-latency.ts';
import type { Phase, Scale, Scenario } from '../scenario.ts';
import { chatArm, type ProviderName } from './arms.ts';

interface ScaleSettings {
  readonly warmUpRequests: number;
  readonly seconds: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: { warmUpRequests: 400, seconds: 10 },
  ci: { warmUpRequests: 1000, seconds: 75 },
  full: { warmUpRequests: 2000, seconds: 1800 },
};

const chat = (provider: ProviderName, isStreamed: boolean) =>
  chatArm({
    name: `${provider}/${isStreamed ? 'stream' : 'answer'}`,
    provider,
    weight: 1,
    isStreamed,
    words: { chunks: 20, bytes: 64 },
  });

const providers = ['bedrock', 'vertex'] as const;
const arms = providers.flatMap((provider) => [chat(provider, true), chat(provider, false)]);

export const gcBehaviour: Scenario = {
  id: 'gc-behaviour',
  title: 'Garbage collection under sustained load, and what it costs the slowest requests',
  covers: ['PERF_MEM_GC_BEHAVIOR_LOAD_001'],
  description:
    'Requests arrive at an even rate, three quarters of what the gateway was seen to serve. Every ' +
    'collection is noted with its kind and length, and laid over the requests that it met.',
  expectation:
    'Collections are regular and brief, take at most a tenth of the time, are mostly of the young ' +
    'generation, and do not explain the p99.',
  needs: ['procfs'],
  phases: (scale) => phases(settings[scale]),
  checkers: () => [gcBehaviourChecker(), gcLatencyChecker(), errorsChecker()],
};

function phases({ warmUpRequests, seconds }: ScaleSettings): readonly Phase[] {
  return [
    {
      kind: 'cycles',
      name: 'warm-up',
      title: 'as fast as it goes, until code is warm',
      arms,
      userCount: 8,
      requestsPerCycle: [warmUpRequests / 2, warmUpRequests / 2],
      maxCycles: 2,
      maxSeconds: seconds,
      experiment: null,
    },
    {
      kind: 'load',
      name: 'stress',
      title: 'requests at an even rate',
      arms,
      ratePerSecond: 400,
      shareOfPeak: 0.75,
      seconds,
      maxInFlight: 200,
    },
    { kind: 'rest', name: 'settle', title: 'at rest', seconds: 1, levelCount: 1 },
  ];
}

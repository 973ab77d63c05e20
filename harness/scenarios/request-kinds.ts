// Four kinds of requests on any gateway: new questions, known ones, such as fail, and such as the
// client leaves. Exact (V8's optimiser is off), and where it finds a leak it asks for the cause:
// does it come back or go with time, which kind leaks, and are new keys kept without a bound?

import type { ArmSearchOptions } from '../checkers/arm-search.ts';
import { type ExperimentOptions, exactExperiment } from '../checkers/experiment-options.ts';
import { type Inquiry, isLeakOfWork, isOnlyNewKeys, isWithoutLeak } from '../checkers/inquiry.ts';
import { leakChecker } from '../checkers/leak.ts';
import type { Phase, Scale, Scenario } from '../scenario.ts';
import type { Level } from '../series/sample.ts';
import { type ChatArm, chatArm } from './arms.ts';

const ask = (name: string, weight: number, change: Partial<ChatArm> = {}): ChatArm => ({
  provider: 'bedrock',
  isStreamed: false,
  words: { chunks: 2 },
  requestCount: 8,
  ...change,
  name,
  weight,
});

const newKeys = chatArm(ask('new', 4, { requestCount: 1_000_000_000 }));
const arms = [
  newKeys,
  chatArm(ask('known', 2)),
  chatArm(ask('failing', 1, { words: { fault: 'status;code=400' } })),
  chatArm(
    ask('aborted', 1, {
      isStreamed: true,
      words: { chunks: 100, gap: '3ms' },
      clientFault: 'abort;at=1',
    }),
  ),
];

const warmUpRequests = 800;
const handles = { delta: 5e-4, deltaClean: 2e-3 };

const experiment: ExperimentOptions = {
  ...exactExperiment,
  looks: [7, 9, 11, 13, 16, 20, 25, 32, 40],
  confirmCycles: 6,
  requestsBefore: warmUpRequests,
  channels: {
    ...exactExperiment.channels,
    fdCount: { ...exactExperiment.channels.fdCount, ...handles },
    socketCount: { ...exactExperiment.channels.socketCount, ...handles },
    handleCount: { ...exactExperiment.channels.handleCount, ...handles },
  },
};

const { heapBytes, externalBytes, nativeBytes, fdCount, socketCount, handleCount, threadCount } =
  experiment.channels;
const ofOneKind = { delta: 64, deltaClean: 128 };
const handlesOfOneKind = { delta: 5e-3, deltaClean: 8e-3, minRise: 3 };

/** Six levels that only rise come by chance once in 720 times. */
const search: ArmSearchOptions = {
  // What leaks with every request leaks in every kind, so pools would only add tests.
  isAlone: true,
  minCycles: 6,
  maxCycles: 12,
  alpha: 0.0015,
  lastAlpha: 0.01,
  channels: {
    heapBytes: { ...heapBytes, ...ofOneKind },
    externalBytes: { ...externalBytes, ...ofOneKind },
    nativeBytes: { ...nativeBytes, delta: 2048, deltaClean: 4096 },
    fdCount: { ...fdCount, ...handlesOfOneKind },
    socketCount: { ...socketCount, ...handlesOfOneKind },
    handleCount: { ...handleCount, ...handlesOfOneKind },
    threadCount: { ...threadCount, ...handlesOfOneKind },
  },
};

export const requestInquiry: Inquiry = {
  work: 'stress',
  rest: 'release',
  idle: 'idle',
  elements: 'elements',
  between: 'between',
  kinds: 'kinds',
  refill: 'refill',
  experiment,
  search,
  arms: arms.map(({ name }) => name),
  newKeys: newKeys.name,
};

export const requestKinds: Scenario = {
  id: 'request-kinds',
  title: 'New, known, failing and abandoned requests: which kind leaks, and why?',
  covers: [],
  description:
    'Mixes new questions, known ones, requests that fail and streams whose client leaves. After a ' +
    'leak it rests, then tests each kind by itself; where only new questions leak it asks 20,000 ' +
    "more. V8's optimiser is off meanwhile, so latencies are not judged.",
  expectation:
    'Nothing of a request is kept once it is over, whatever became of it, beyond a cache that fills.',
  needs: ['procfs', 'inspector'],
  steadyCompiler: true,
  phases,
  checkers: () => [leakChecker({ experiment, inquiry: requestInquiry })],
};

const restSeconds: Readonly<Record<Scale, number>> = { smoke: 15, ci: 27, full: 330 };

/** Seven counts that only rise come by chance once in 5,040 times. */
const censusCount = 7;
const censuses: readonly Phase[] = Array.from({ length: censusCount }, (_, index) => index).flatMap(
  (index): readonly Phase[] => {
    const isNeeded = (levels: readonly Level[]) => isWithoutLeak(levels, requestInquiry);
    const work: Phase = {
      kind: 'cycles',
      name: requestInquiry.between,
      title: 'all kinds of requests',
      arms,
      userCount: 8,
      requestsPerCycle: [160, 160],
      maxCycles: 1,
      maxSeconds: 60,
      experiment: null,
      isNeeded,
    };
    const count: Phase = {
      kind: 'census',
      name: requestInquiry.elements,
      title: 'counting what collections hold',
      isNeeded,
    };
    return index === 0 ? [count] : [work, count];
  },
);

function phases(scale: Scale): readonly Phase[] {
  const work = { kind: 'cycles', userCount: 8, maxSeconds: 60 } as const;
  return [
    {
      ...work,
      name: 'warm-up',
      title: 'all kinds of requests, until caches and code are warm',
      arms,
      requestsPerCycle: [warmUpRequests / 2, warmUpRequests / 2],
      maxCycles: 2,
      experiment: null,
    },
    {
      ...work,
      name: requestInquiry.work,
      title: 'new, known, failing and abandoned requests',
      arms,
      requestsPerCycle: [150, 450],
      maxCycles: 40,
      experiment,
    },
    {
      kind: 'watch',
      name: requestInquiry.rest,
      title: 'at rest after a leak, to see whether it is given back late or grows with time',
      after: requestInquiry.work,
      experiment,
      seconds: restSeconds[scale],
      levelCount: 9,
    },
    ...censuses,
    {
      kind: 'rest',
      name: requestInquiry.idle,
      title: 'at rest, to see whether anything grows with time alone',
      seconds: 8,
      levelCount: 8,
      isNeeded: (levels) => isWithoutLeak(levels, requestInquiry),
    },
    {
      kind: 'arms',
      name: requestInquiry.kinds,
      title: 'each kind of request by itself',
      arms,
      userCount: 8,
      requestsPerArm: [100, 200],
      maxSeconds: 180,
      search,
      isNeeded: (levels) => isLeakOfWork(levels, requestInquiry),
    },
    {
      ...work,
      name: requestInquiry.refill,
      title: 'new questions only, until any cache of a sensible size is full',
      arms: [newKeys],
      requestsPerCycle: [1000, 2000],
      maxCycles: 40,
      experiment,
      isNeeded: (levels) => isOnlyNewKeys(levels, requestInquiry),
    },
  ];
}

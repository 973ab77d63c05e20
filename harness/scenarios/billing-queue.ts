// PERF_MEM_LEAK_BILLING_QUEUE_003: the billing worker is stuck, fails, is slow, and recovers. The
// queue may fill, to its bound; afterwards its memory comes back and every answer is billed once.

import type { Fault } from '../../injectors/plan.ts';
import { billingQueueChecker } from '../checkers/billing-queue.ts';
import { errorsChecker } from '../checkers/errors.ts';
import type { Phase, Scale, Scenario } from '../scenario.ts';
import { chatArm, type ProviderName } from './arms.ts';

interface ScaleSettings {
  readonly warmUpRequests: number;
  readonly steadyRequests: number;
  /** Requests of each round in which the worker is stuck; the last fills the queue. */
  readonly rounds: readonly number[];
  readonly ratePerSecond: number;
  readonly seconds: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: {
    warmUpRequests: 1000,
    steadyRequests: 120,
    rounds: [300, 350, 400, 450, 1100],
    ratePerSecond: 60,
    seconds: 2,
  },
  ci: {
    warmUpRequests: 800,
    steadyRequests: 200,
    rounds: [150, 200, 250, 300, 350, 400, 450, 1200],
    ratePerSecond: 60,
    seconds: 10,
  },
  full: {
    warmUpRequests: 2000,
    steadyRequests: 1000,
    rounds: [...Array.from({ length: 50 }, () => 800), 50_000],
    ratePerSecond: 80,
    seconds: 600,
  },
};

const answer = (provider: ProviderName) =>
  chatArm({
    name: `${provider}/answer`,
    provider,
    weight: 1,
    isStreamed: false,
    words: { chunks: 8, bytes: 64 },
  });

const arms = [answer('bedrock'), answer('vertex')];
const userCount = 8;

export const billingQueue: Scenario = {
  id: 'billing-queue',
  title: 'A billing worker that is stuck, fails, is slow, and recovers',
  covers: ['PERF_MEM_LEAK_BILLING_QUEUE_003'],
  description:
    'Holds the billing consumer from outside while billable requests go on, and reads the depth ' +
    'of the queue and the memory it costs; then lets the consumer fail, then be slow, then work.',
  expectation:
    'The queue keeps to its bound and the gateway keeps answering; once the worker recovers the ' +
    'queue drains, its memory comes back, and every answered request is billed exactly once.',
  needs: ['procfs'],
  readsLedger: true,
  phases: (scale) => phases(settings[scale]),
  checkers: () => [
    billingQueueChecker,
    // A gateway that refuses work because its queue is full does what it should.
    errorsChecker({ isExpected: ({ phase, status }) => phase === 'stress' && status === 503 }),
  ],
};

function phases(scale: ScaleSettings): readonly Phase[] {
  const { warmUpRequests, steadyRequests, rounds, ratePerSecond, seconds } = scale;
  const cycles = (name: string, title: string, requests: number, maxCycles: number) =>
    ({
      kind: 'cycles',
      name,
      title,
      arms,
      userCount,
      requestsPerCycle: [requests, requests],
      maxCycles,
      maxSeconds: 3600,
      experiment: null,
    }) as const;
  const load = { kind: 'load', arms, ratePerSecond, seconds, maxInFlight: 200 } as const;
  const catchUp = (name: string) =>
    ({ kind: 'drain', name, title: 'the worker catches up', maxSeconds: 120 }) as const;
  return [
    cycles('warm-up', 'billable requests, until code is warm', warmUpRequests / 2, 2),
    cycles('baseline', 'the worker keeps up', steadyRequests, 3),
    ...rounds.flatMap((requests) => [
      { ...cycles('stress', `the worker is stuck`, requests, 1), faults: [stall('stuck')] },
      catchUp('heal'),
    ]),
    { ...load, name: 'stress-error', title: 'the worker fails', faults: [stall('error')] },
    catchUp('heal-error'),
    { ...load, name: 'stress-slow', title: 'the worker is slow', faults: [stall('slow', '40ms')] },
    catchUp('heal-slow'),
    cycles('after', 'the worker keeps up again', steadyRequests, 3),
    {
      kind: 'rest',
      name: 'settle',
      title: 'at rest, to see what comes back',
      seconds: 2,
      levelCount: 2,
    },
  ];
}

function stall(mode: string, delay?: string): Fault {
  const options = { mode, ...(delay !== undefined && { delay }) };
  return { fault: 'billing-stall', options };
}

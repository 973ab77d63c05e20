// PERF_MEM_LEAK_BILLING_QUEUE_003: the billing worker is stuck, fails, is slow, and recovers. The
// queue may fill, to its bound; afterwards its memory comes back and every answer is billed once.

import { billingQueueChecker } from '../checkers/billing-queue.ts';
import { errorsChecker } from '../checkers/errors.ts';
import type { Phase, Scale, Scenario } from '../scenario.ts';
import { chatArm, type ProviderName } from './arms.ts';

interface ScaleSettings {
  readonly warmUpRequests: number;
  readonly requestsPerCycle: number;
  readonly stuckCycles: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
}

const settings: Readonly<Record<Scale, ScaleSettings>> = {
  smoke: {
    warmUpRequests: 400,
    requestsPerCycle: 180,
    stuckCycles: 7,
    ratePerSecond: 60,
    seconds: 2,
  },
  ci: {
    warmUpRequests: 800,
    requestsPerCycle: 200,
    stuckCycles: 10,
    ratePerSecond: 60,
    seconds: 15,
  },
  full: {
    warmUpRequests: 2000,
    requestsPerCycle: 2000,
    stuckCycles: 50,
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
  phases: (scale) => phases(settings[scale]),
  checkers: [
    billingQueueChecker,
    // A gateway that refuses work because its queue is full does what it should.
    errorsChecker({ isExpected: ({ phase, status }) => phase === 'stress' && status === 503 }),
  ],
};

function phases(scale: ScaleSettings): readonly Phase[] {
  const { warmUpRequests, requestsPerCycle, stuckCycles, ratePerSecond, seconds } = scale;
  const cycles = {
    kind: 'cycles',
    arms,
    userCount,
    maxSeconds: 3600,
    experiment: null,
  } as const;
  const load = { kind: 'load', arms, ratePerSecond, seconds, maxInFlight: 200 } as const;
  const stall = (mode: string, delay?: string) => ({
    fault: 'billing-stall',
    options: { mode, ...(delay !== undefined && { delay }) },
  });
  return [
    {
      ...cycles,
      name: 'warm-up',
      title: 'billable requests, until caches and code are warm',
      requestsPerCycle: [warmUpRequests / 2, warmUpRequests / 2],
      maxCycles: 2,
    },
    {
      ...cycles,
      name: 'baseline',
      title: 'the worker keeps up',
      requestsPerCycle: [requestsPerCycle, requestsPerCycle],
      maxCycles: 3,
    },
    {
      ...cycles,
      name: 'stress',
      title: 'the worker is stuck',
      faults: [stall('stuck')],
      requestsPerCycle: [requestsPerCycle, requestsPerCycle],
      maxCycles: stuckCycles,
    },
    { kind: 'drain', name: 'heal', title: 'the worker catches up', maxSeconds: 60 },
    { ...load, name: 'stress-error', title: 'the worker fails', faults: [stall('error')] },
    { kind: 'drain', name: 'heal-error', title: 'the worker catches up', maxSeconds: 60 },
    { ...load, name: 'stress-slow', title: 'the worker is slow', faults: [stall('slow', '40ms')] },
    { kind: 'drain', name: 'heal-slow', title: 'the worker catches up', maxSeconds: 60 },
    {
      ...cycles,
      name: 'after',
      title: 'the worker keeps up again',
      requestsPerCycle: [requestsPerCycle, requestsPerCycle],
      maxCycles: 3,
    },
    {
      kind: 'rest',
      name: 'settle',
      title: 'at rest, to see what comes back',
      seconds: 2,
      levelCount: 2,
    },
  ];
}

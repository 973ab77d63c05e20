// PERF_MEM_ASYNC_TASK_LIFECYCLE_003: promises, tasks and asynchronous generators of requests that
// are cancelled, time out, or come and go many at once. What they leave is counted one by one.

import { backToBaseChecker } from '../checkers/back-to-base.ts';
import { clientAbortsChecker } from '../checkers/client-aborts.ts';
import { errorsChecker } from '../checkers/errors.ts';
import { leakChecker } from '../checkers/leak.ts';
import type { Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';
import { countPhases, type LeakWork, leakExperiment, leakPhases, leakScales } from './leak-plan.ts';

const providers: readonly ProviderName[] = ['bedrock', 'vertex'];

const arm = (provider: ProviderName, name: string, change: Partial<ChatArm> = {}): ChatArm => ({
  name: `${provider}/${name}`,
  provider,
  weight: 1,
  isStreamed: true,
  ...change,
  words: { chunks: 8, bytes: 32, ...change.words },
});

const whole = providers.map((provider) => arm(provider, 'complete', { weight: 2 })).map(chatArm);

const cancelled = providers
  .flatMap((provider) => [
    // In the middle of the stream, before its first event, and of an answer that is not streamed.
    arm(provider, 'left', { words: { chunks: 100, gap: '3ms' }, clientFault: 'abort;at=3' }),
    arm(provider, 'left-waiting', { words: { ttft: '2s' }, clientFault: 'abort;after=40ms' }),
    arm(provider, 'left-answer', {
      isStreamed: false,
      words: { ttft: '2s' },
      clientFault: 'abort;after=40ms',
    }),
    // A provider that falls silent for good: only the client's patience ends it.
    arm(provider, 'timed-out', { words: { fault: 'hang;at=2' }, clientFault: 'abort;after=150ms' }),
  ])
  .map(chatArm);

/** The provider itself gives up: Bedrock's model times out, Vertex AI's deadline passes. */
const overdue = [
  arm('bedrock', 'overdue', { words: { fault: 'status;code=408' } }),
  arm('vertex', 'overdue', { words: { fault: 'status;code=504' } }),
].map(chatArm);

const allArms = [...whole, ...cancelled, ...overdue];
const leavers = new Set(cancelled.map(({ name }) => name));
const overdueNames = new Set(overdue.map(({ name }) => name));

const work: LeakWork = {
  warmUp: allArms,
  baseline: whole,
  stress: allArms,
  titles: {
    baseline: 'streams that are read to the end',
    stress: 'most requests are cancelled or time out, two dozen at once',
  },
  userCount: 24,
  isCounted: true,
};

export const asyncLifecycle: Scenario = {
  id: 'async-lifecycle',
  title: 'Promises, tasks and generators of requests that are cancelled or time out',
  covers: ['PERF_MEM_ASYNC_TASK_LIFECYCLE_003'],
  description:
    'Two dozen requests at once, most of which end before their answer: left in the stream, left ' +
    'before it began, silent until somebody gives up. Living promises, generators and tasks are ' +
    'counted before and after; memory, handles and tasks at rest after each cycle.',
  expectation:
    'What waits for a request ends with it: no promise, generator or task is left, timers and ' +
    'sockets are released promptly, and memory at rest does not grow.',
  needs: ['procfs'],
  phases: (scale) => leakPhases(leakScales[scale], work),
  checkers: (scale) => [
    backToBaseChecker({
      ...countPhases,
      metrics: ['promiseCount', 'generatorCount', 'taskCount', 'handleCount', 'socketCount'],
    }),
    leakChecker({ experiment: leakExperiment(leakScales[scale]) }),
    clientAbortsChecker({ isLeaver: (name) => leavers.has(name) }),
    errorsChecker({ isExpected: ({ arm: name }) => overdueNames.has(name) }),
  ],
};

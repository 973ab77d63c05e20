// PERF_MEM_PROVIDER_SDK_MANAGEMENT_004: what the providers' SDKs keep of large answers and of every
// way in which a provider fails: refused, cut, reset, silent, or wrong in the middle of a stream.

import { backToBaseChecker } from '../checkers/back-to-base.ts';
import { connectionPoolChecker } from '../checkers/connection-pool.ts';
import { errorsChecker } from '../checkers/errors.ts';
import { gatewayExperiment } from '../checkers/experiment-options.ts';
import { leakChecker } from '../checkers/leak.ts';
import type { Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';
import { countPhases, type LeakWork, leakExperiment, leakPhases, leakScales } from './leak-plan.ts';

/** Many, as the SDKs wait between their own attempts. */
const userCount = 24;

const arm = (provider: ProviderName, name: string, change: Partial<ChatArm> = {}): ChatArm => ({
  name: `${provider}/${name}`,
  provider,
  weight: 2,
  isStreamed: true,
  ...change,
  words: { chunks: 8, bytes: 32, ...change.words },
});
const failing = (provider: ProviderName, name: string, fault: string, isStreamed = true) =>
  arm(provider, name, { weight: 1, isStreamed, words: { fault } });

const large = { chunks: 128, bytes: 2048 };
const answering = [
  arm('bedrock', 'stream'),
  arm('vertex', 'stream'),
  arm('bedrock', 'large', { weight: 1, isStreamed: false, words: large }),
  arm('vertex', 'large', { weight: 1, isStreamed: false, words: large }),
].map(chatArm);

// No fault hurts another's call: all calls to Vertex AI share one connection, which a reset ends.
const failures = [
  failing('bedrock', 'throttled', 'status;code=429'),
  failing('vertex', 'throttled', 'status;code=429', false),
  failing('bedrock', 'unavailable', 'status;code=503', false),
  failing('vertex', 'unavailable', 'status;code=503'),
  failing('bedrock', 'reset', 'reset;at=3'),
  failing('bedrock', 'truncated', 'truncate;at=50%'),
  failing('vertex', 'cancelled', 'cancel;at=3'),
  failing('bedrock', 'exception', 'exception;at=3'),
].map(chatArm);

/** A provider that falls silent, and a client that has waited long enough. */
const silent = (['bedrock', 'vertex'] as const).map((provider) =>
  chatArm({
    ...failing(provider, 'silent', 'hang;at=2'),
    clientFault: 'abort;after=150ms',
  }),
);

const allArms = [...answering, ...failures, ...silent];
const failingNames = new Set(failures.map(({ name }) => name));

/**
 * Answers of 256 KiB come and go, and what is outside of the heap moves by as much between levels
 * at rest; a hundredth of them kept is 2 KiB a request.
 */
const channels: LeakWork['channels'] = {
  externalBytes: {
    ...gatewayExperiment.channels.externalBytes,
    delta: 512,
    deltaClean: 2048,
    maxResolution: 2048,
  },
};

const work: LeakWork = {
  warmUp: allArms,
  baseline: answering,
  stress: allArms,
  titles: {
    baseline: 'streams, and answers of 256 KiB',
    stress: 'throttled, unavailable, reset, cut, wrong and silent providers among them',
  },
  userCount,
  isCounted: true,
  channels,
};

export const providerSdk: Scenario = {
  id: 'provider-sdk',
  title: "The providers' SDKs: pools, buffers and sessions through large answers and errors",
  covers: ['PERF_MEM_PROVIDER_SDK_MANAGEMENT_004'],
  description:
    'Streams and large answers, and among them each way in which a provider fails. Connections are ' +
    'counted all the time; buffers and handles at rest after each cycle; clients and sessions ' +
    'before and after.',
  expectation:
    'Nothing of a request is kept once it is over, however it ended: memory, connections and ' +
    'sessions at rest are where they were, and the pool keeps its bound.',
  needs: ['procfs'],
  phases: (scale) => leakPhases(leakScales[scale], work),
  checkers: (scale) => [
    leakChecker({ experiment: leakExperiment(leakScales[scale], channels) }),
    connectionPoolChecker({ limit: 2 * userCount + 8 }),
    backToBaseChecker({
      ...countPhases,
      metrics: ['clientCount', 'outboundCount', 'socketCount', 'handleCount', 'taskCount'],
    }),
    errorsChecker({ isExpected: ({ arm: name }) => failingNames.has(name) }),
  ],
};

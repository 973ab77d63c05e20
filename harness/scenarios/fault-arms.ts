// Which fault makes the gateway leak? Twelve kinds of work, each with its own fault, tested in
// pools: a few leaking kinds among many are named in fewer tests than one for each. No fault here
// hurts another arm of its pool; a reset would, where all calls to Vertex AI share a connection.

import type { ArmSearchOptions } from '../checkers/arm-search.ts';
import { armsChecker } from '../checkers/arms.ts';
import { smokeExperiment } from '../checkers/experiment-options.ts';
import type { Phase, Scale, Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';

const arm = (provider: ProviderName, name: string, change: Partial<ChatArm> = {}): ChatArm => ({
  name: `${provider}/${name}`,
  provider,
  weight: 1,
  isStreamed: true,
  ...change,
  words: { chunks: 8, bytes: 32, ...change.words },
});
const faulty = (provider: ProviderName, name: string, fault: string): ChatArm =>
  arm(provider, name, { words: { fault } });

const arms = [
  arm('bedrock', 'complete'),
  arm('vertex', 'complete'),
  arm('bedrock', 'aborted', { words: { chunks: 60, gap: '3ms' }, clientFault: 'abort;at=3' }),
  faulty('bedrock', 'throttled', 'status;code=429'),
  faulty('vertex', 'unavailable', 'status;code=503'),
  faulty('bedrock', 'truncated', 'truncate;at=50%'),
  faulty('bedrock', 'reset', 'reset;at=3'),
  faulty('bedrock', 'stalled', 'stall;at=3;for=60ms'),
  faulty('vertex', 'slow', 'slow;gap=5ms'),
  faulty('bedrock', 'split', 'split;bytes=16'),
  faulty('vertex', 'late', 'ttft;for=60ms'),
  faulty('vertex', 'no-usage', 'no-usage'),
].map(chatArm);

const { heapBytes, externalBytes, fdCount, socketCount } = smokeExperiment.channels;

/**
 * Seven levels that only rise come by chance once in 5,040 times; five of a pool once in 120, which
 * costs the tests of its arms. Buffers of 64 KiB come and go, so external memory is flat by less.
 */
const search: ArmSearchOptions = {
  minCycles: 7,
  maxCycles: 14,
  alpha: 0.0003,
  lastAlpha: 0.01,
  pools: { minCycles: 5, alpha: 0.0085 },
  channels: {
    heapBytes: { ...heapBytes, delta: 512, deltaClean: 1536, maxResolution: 2048 },
    externalBytes: { ...externalBytes, delta: 512, deltaClean: 2048, maxResolution: 2048 },
    fdCount: { ...fdCount, delta: 0.05, deltaClean: 0.08, maxResolution: 0.2 },
    socketCount: { ...socketCount, delta: 0.05, deltaClean: 0.08, maxResolution: 0.2 },
  },
};

const requestsPerArm: Readonly<Record<Scale, readonly [low: number, high: number]>> = {
  smoke: [12, 16],
  ci: [30, 60],
  full: [150, 300],
};
/** In many cycles, as V8 throws out what was not used over several collections. */
const warmUpCycles = 6;
const warmUpRequests: Readonly<Record<Scale, number>> = { smoke: 120, ci: 240, full: 1200 };
const maxSeconds: Readonly<Record<Scale, number>> = { smoke: 600, ci: 600, full: 3600 };

export const faultArms: Scenario = {
  id: 'fault-arms',
  title: 'Twelve kinds of work, each with its fault: which of them leak?',
  covers: [],
  description:
    'Tests pools of twelve kinds of work and splits those that leak, until each leaking kind has ' +
    'been convicted by itself. V8 compiles nothing anew meanwhile, so latencies are not judged.',
  expectation: 'Whatever fault a request meets, nothing of it is kept once it is over.',
  needs: ['procfs', 'inspector'],
  steadyCompiler: true,
  phases,
  checkers: () => [armsChecker({ phase: 'arms', arms: arms.map(({ name }) => name), search })],
};

function phases(scale: Scale): readonly Phase[] {
  return [
    {
      kind: 'cycles',
      name: 'warm-up',
      title: 'all kinds of work, until caches and code are warm',
      arms,
      userCount: 24,
      requestsPerCycle: [warmUpRequests[scale], warmUpRequests[scale]],
      maxCycles: warmUpCycles,
      maxSeconds: 60,
      experiment: null,
    },
    {
      kind: 'arms',
      name: 'arms',
      title: 'pools of kinds of work, split where they leak',
      arms,
      userCount: 24,
      requestsPerArm: requestsPerArm[scale],
      maxSeconds: maxSeconds[scale],
      search,
    },
  ];
}

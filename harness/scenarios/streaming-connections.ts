// PERF_MEM_LEAK_STREAMING_CONNECTIONS_002: many streams opened and closed, some of them left by
// their client half-way. The experiment regresses the memory at rest on the number of streams.

import { clientAbortsChecker } from '../checkers/client-aborts.ts';
import { errorsChecker } from '../checkers/errors.ts';
import { fragmentationChecker } from '../checkers/fragmentation.ts';
import { gcLatencyChecker } from '../checkers/gc-latency.ts';
import { leakChecker } from '../checkers/leak.ts';
import type { Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';
import { type LeakWork, leakExperiment, leakPhases, leakScales } from './leak-plan.ts';

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
const work: LeakWork = {
  warmUp: mixedArms,
  baseline: completeArms,
  stress: mixedArms,
  titles: {
    baseline: 'streams that are read to the end',
    stress: 'half of the clients leave after three events',
  },
};

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
  phases: (scale) => leakPhases(leakScales[scale], work),
  checkers: (scale) => [
    leakChecker({ experiment: leakExperiment(leakScales[scale]) }),
    clientAbortsChecker(),
    errorsChecker(),
    // Told beside the verdict: this scenario is about what is kept, not about what it costs.
    gcLatencyChecker({ isAdvisory: true }),
    fragmentationChecker({ isAdvisory: true }),
  ],
};

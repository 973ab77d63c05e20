// PERF_MEM_LEAK_ENDURANCE_LOAD_001: a mixed workload for hours, compressed at the shorter scales to
// as many requests as fit. Memory at rest is regressed on requests, memory over time on the clock.

import { errorsChecker } from '../checkers/errors.ts';
import { gcBehaviourChecker } from '../checkers/gc-behaviour.ts';
import { leakChecker } from '../checkers/leak.ts';
import { trendChecker } from '../checkers/trend.ts';
import type { Scale, Scenario } from '../scenario.ts';
import { chatArm, embeddingsArm, modelsArm, type ProviderName } from './arms.ts';
import {
  type LeakScale,
  type LeakWork,
  leakExperiment,
  leakPhases,
  leakScales,
} from './leak-plan.ts';

const hours = 4;

const settings: Readonly<Record<Scale, LeakScale>> = {
  ...leakScales,
  // As long as it was planned for, whatever the levels say by then.
  full: {
    ...leakScales.full,
    requestsPerCycle: [3000, 9000],
    cycleSeconds: 60,
    maxCycles: 2000,
    minCleanCycles: 2000,
    maxSeconds: hours * 3600,
  },
};

/** Of a hundred requests. */
const share = { chat: 70, embeddings: 25, models: 5 } as const;

const providers: readonly ProviderName[] = ['bedrock', 'vertex'];

const chat = (provider: ProviderName, isStreamed: boolean) =>
  chatArm({
    name: `${provider}/${isStreamed ? 'stream' : 'answer'}`,
    provider,
    weight: share.chat / 4,
    isStreamed,
    words: { chunks: 16, bytes: 48 },
  });

const embeddings = (provider: ProviderName) =>
  embeddingsArm({
    name: `${provider}/embeddings`,
    provider,
    weight: share.embeddings / 2,
    textCount: 4,
    words: { dims: 256 },
  });

const arms = [
  ...providers.flatMap((provider) => [chat(provider, true), chat(provider, false)]),
  ...providers.map(embeddings),
  modelsArm({ name: 'models', weight: share.models }),
];

const work: LeakWork = {
  warmUp: arms,
  baseline: arms,
  stress: arms,
  titles: {
    baseline: 'the mix, as it begins',
    stress: `${share.chat} % chat, ${share.embeddings} % embeddings, ${share.models} % models`,
  },
};

export const endurance: Scenario = {
  id: 'endurance',
  title: 'A mixed workload for as long as it takes to see what grows',
  covers: ['PERF_MEM_LEAK_ENDURANCE_LOAD_001'],
  description:
    'Chat, streamed and not, embeddings and the list of models on both providers, in the shares of ' +
    'a usual day; at scale full for four hours. A run that was killed goes on with --resume.',
  expectation:
    'Memory reaches a plateau after warm-up: at rest it does not grow with the requests, over time ' +
    'it is flat or cyclical; garbage collection is regular, brief and gets back what is free.',
  needs: ['procfs'],
  phases: (scale) => leakPhases(settings[scale], work),
  checkers: (scale) => [
    leakChecker({ experiment: leakExperiment(settings[scale]) }),
    trendChecker(),
    gcBehaviourChecker({ isOptional: true }),
    errorsChecker(),
  ],
};

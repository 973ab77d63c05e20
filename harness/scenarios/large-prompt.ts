// PERF_MEM_PAYLOAD_CHAT_LARGE_PROMPT_001: prompts of 50 KB, 100 KB and near the context window, and
// such that the provider refuses as too long.

import { errorsChecker } from '../checkers/errors.ts';
import { payloadChecker } from '../checkers/payload.ts';
import { refusedChecker } from '../checkers/refused.ts';
import type { Scale, Scenario } from '../scenario.ts';
import { type ChatArm, chatArm, type ProviderName } from './arms.ts';
import { type PayloadStage, payloadEffort, payloadPhases } from './payload-phases.ts';

const KB = 1000;
const providers = ['bedrock', 'vertex'] as const satisfies readonly ProviderName[];
const userCount = 4;

/** Claude takes 200,000 tokens, at four characters each. */
const nearLimit = 780 * KB;
const overLimit = 1200 * KB;
const refusedArm = 'too-long';

const ask = (name: string, promptBytes: number, words: ChatArm['words'] = {}) =>
  providers.map((provider) =>
    chatArm({
      name: `${provider}/${name}`,
      provider,
      weight: 1,
      isStreamed: false,
      promptBytes,
      words: { chunks: 4, bytes: 32, ...words },
    }),
  );

const stages: readonly PayloadStage[] = [
  {
    phase: 'prompt-50-kb',
    units: 50 * KB,
    title: 'prompts of 50 KB',
    arms: ask('50-kb', 50 * KB),
    requests: 24,
  },
  {
    phase: 'prompt-100-kb',
    units: 100 * KB,
    title: 'prompts of 100 KB',
    arms: ask('100-kb', 100 * KB),
    requests: 24,
  },
  {
    phase: 'prompt-near-limit',
    units: nearLimit,
    title: 'prompts of 780 KB, near the context window',
    arms: ask('near-limit', nearLimit),
    requests: 12,
  },
  {
    phase: 'prompt-over-limit',
    units: overLimit,
    title: 'prompts of 1.2 MB, which the provider refuses as too long',
    arms: ask(refusedArm, overLimit, { fault: 'error;name=validation' }),
    requests: 8,
  },
];

export const largePrompt: Scenario = {
  id: 'large-prompt',
  title: 'Prompts of 50 KB, 100 KB, near the context window and beyond it',
  covers: ['PERF_MEM_PAYLOAD_CHAT_LARGE_PROMPT_001'],
  description:
    'Asks with prompts of rising size, each size in cycles of its own, and reads the highest ' +
    'resident memory of each cycle and what is alive after it; the longest prompts are refused by ' +
    'the provider.',
  expectation:
    'Every prompt is answered, or refused with an error; memory at the peak is in proportion to ' +
    'the prompts in flight, and comes back to where it began.',
  needs: ['procfs'],
  phases: (scale: Scale) =>
    payloadPhases({ ...payloadEffort[scale], userCount, stages, smallArms: ask('small', KB) }),
  checkers: () => [
    payloadChecker({ steps: stages, unit: 'byte', userCount, mostPerUnit: 24 }),
    refusedChecker({ arm: refusedArm, statuses: [400, 413] }),
    errorsChecker({ isExpected: ({ arm, status }) => arm.endsWith(refusedArm) && status !== null }),
  ],
};

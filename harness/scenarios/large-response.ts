// PERF_MEM_PAYLOAD_CHAT_LARGE_RESPONSE_002: answers that do not stream, of 4,000 and 8,000 tokens
// and far beyond what models write today, each of which the gateway has to hold as a whole.

import { errorsChecker } from '../checkers/errors.ts';
import { payloadChecker } from '../checkers/payload.ts';
import type { Scale, Scenario } from '../scenario.ts';
import { chatArm, type ProviderName } from './arms.ts';
import { type PayloadStage, payloadEffort, payloadPhases } from './payload-phases.ts';

const KiB = 1024;
const MiB = 1024 ** 2;
const providers = ['bedrock', 'vertex'] as const satisfies readonly ProviderName[];
const userCount = 2;

const answers = (name: string, bytes: number) =>
  providers.map((provider) =>
    chatArm({
      name: `${provider}/${name}`,
      provider,
      weight: 1,
      isStreamed: false,
      words: { total: `${bytes}B`, bytes: '4KiB' },
    }),
  );

const stage = (name: string, units: number, title: string, requests: number): PayloadStage => ({
  phase: `answer-${name}`,
  units,
  title,
  arms: answers(name, units),
  requests,
});

const stages: Readonly<Record<Scale, readonly PayloadStage[]>> = {
  smoke: [
    stage('4000-tokens', 16 * KiB, 'answers of 4,000 tokens', 24),
    stage('8000-tokens', 32 * KiB, 'answers of 8,000 tokens', 24),
    stage('1-mib', MiB, 'answers of 1 MiB', 8),
    stage('8-mib', 8 * MiB, 'answers of 8 MiB', 4),
  ],
  ci: [
    stage('4000-tokens', 16 * KiB, 'answers of 4,000 tokens', 40),
    stage('8000-tokens', 32 * KiB, 'answers of 8,000 tokens', 40),
    stage('1-mib', MiB, 'answers of 1 MiB', 12),
    stage('50-mib', 50 * MiB, 'answers of 50 MiB', 2),
  ],
  full: [
    stage('4000-tokens', 16 * KiB, 'answers of 4,000 tokens', 400),
    stage('8000-tokens', 32 * KiB, 'answers of 8,000 tokens', 400),
    stage('1-mib', MiB, 'answers of 1 MiB', 40),
    stage('50-mib', 50 * MiB, 'answers of 50 MiB', 4),
  ],
};

export const largeResponse: Scenario = {
  id: 'large-response',
  title: 'Answers of thousands of tokens up to 50 MiB, each in one piece',
  covers: ['PERF_MEM_PAYLOAD_CHAT_LARGE_RESPONSE_002'],
  description:
    'Asks for answers of rising size that do not stream, each size in cycles of its own, and reads ' +
    'the highest resident memory of each cycle and what is alive after it.',
  expectation:
    'Every answer arrives whole; memory at the peak is in proportion to the answers in flight, and ' +
    'comes back to where it began.',
  needs: ['procfs'],
  phases: (scale) =>
    payloadPhases({
      ...payloadEffort[scale],
      userCount,
      stages: stages[scale],
      smallArms: answers('small', KiB),
    }),
  checkers: (scale) => [
    payloadChecker({ steps: stages[scale], unit: 'byte', userCount, mostPerUnit: 24 }),
    errorsChecker(),
  ],
};

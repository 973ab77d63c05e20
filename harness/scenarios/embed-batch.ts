// PERF_MEM_PAYLOAD_EMBED_LARGE_BATCH_003: requests for embeddings of 1,000 to 2,000 texts, over
// what the providers take in one call (Cohere 96, Vertex AI 250), so that the gateway must split.

import { errorsChecker } from '../checkers/errors.ts';
import { payloadChecker } from '../checkers/payload.ts';
import type { Scale, Scenario } from '../scenario.ts';
import { embeddingsArm, type ProviderName } from './arms.ts';
import { type PayloadStage, payloadEffort, payloadPhases } from './payload-phases.ts';

const models = {
  bedrock: 'cohere.embed-english-v3',
  vertex: 'text-embedding-005',
} as const satisfies Readonly<Record<ProviderName, string>>;
const providers = ['bedrock', 'vertex'] as const satisfies readonly ProviderName[];
const userCount = 2;
/** Bytes of one text of an embeddings arm, with its number and its words. */
const textBytes = 40;

const batches = (textCount: number, dims: number) =>
  providers.map((provider) =>
    embeddingsArm({
      name: `${provider}/${textCount}-texts`,
      provider,
      weight: 1,
      model: models[provider],
      textCount,
      words: { dims },
    }),
  );

/** Numbers in a vector: few at smoke, where a gateway's JSON would take most of the time. */
const dimensions: Readonly<Record<Scale, number>> = { smoke: 64, ci: 128, full: 768 };

const stagesOf = (scale: Scale): readonly PayloadStage[] =>
  [250, 1000, 1500, 2000].map((textCount) => ({
    phase: `batch-${textCount}`,
    units: textCount,
    bytes: textCount * textBytes,
    title: `batches of ${textCount} texts`,
    arms: batches(textCount, dimensions[scale]),
    requests: 4,
  }));

/** What a number of a vector may cost at the peak: as text, parsed, as text again, and garbage. */
const mostPerNumber = 512;

export const embedBatch: Scenario = {
  id: 'embed-batch',
  title: 'Batches of up to 2,000 texts, over what a provider takes at once',
  covers: ['PERF_MEM_PAYLOAD_EMBED_LARGE_BATCH_003'],
  description:
    'Asks for embeddings of batches of rising size, which the gateway must split into calls that ' +
    'the provider takes, and regresses the highest resident memory of each cycle on the size.',
  expectation:
    'Every batch is answered with a vector for each text; memory at the peak is in proportion to its size, and comes back to ' +
    'where it began.',
  needs: ['procfs'],
  phases: (scale) =>
    payloadPhases({
      ...payloadEffort[scale],
      userCount,
      stages: stagesOf(scale),
      smallArms: batches(2, dimensions[scale]),
    }),
  checkers: (scale) => [
    payloadChecker({
      steps: stagesOf(scale),
      unit: 'text',
      userCount,
      mostPerUnit: mostPerNumber * dimensions[scale],
    }),
    errorsChecker(),
  ],
};

// PERF_MEM_LEAK_PROVIDER_SDK_CLIENTS_004: requests that go now to one provider, now to the other,
// while connections are ended and credentials expire, so that the SDKs have to begin anew. Clients,
// sessions and connections are counted throughout.

import { backToBaseChecker } from '../checkers/back-to-base.ts';
import { connectionPoolChecker } from '../checkers/connection-pool.ts';
import { errorsChecker } from '../checkers/errors.ts';
import { leakChecker } from '../checkers/leak.ts';
import type { Scenario } from '../scenario.ts';
import { chatArm, embeddingsArm, type ProviderName } from './arms.ts';
import { countPhases, type LeakWork, leakExperiment, leakPhases, leakScales } from './leak-plan.ts';

const providers: readonly ProviderName[] = ['bedrock', 'vertex'];
const userCount = 16;
/** A text is a call of its own on Bedrock. */
const textCount = 3;

const chat = (provider: ProviderName, name: string, isStreamed: boolean, fault?: string) =>
  chatArm({
    name: `${provider}/${name}`,
    provider,
    weight: fault === undefined ? 3 : 1,
    isStreamed,
    words: { chunks: 8, bytes: 32, ...(fault !== undefined && { fault }) },
  });

const usualArms = providers.flatMap((provider) => [
  chat(provider, 'stream', true),
  chat(provider, 'answer', false),
  embeddingsArm({
    name: `${provider}/embeddings`,
    provider,
    weight: 1,
    textCount,
    words: { dims: 64 },
  }),
]);

const expired = providers.map((provider) => chat(provider, 'expired', false, 'expired-token'));
const closed = providers.flatMap((provider) => [
  chat(provider, 'stream-closed', true, 'connection-close'),
  chat(provider, 'answer-closed', false, 'connection-close'),
]);

const allArms = [...usualArms, ...expired, ...closed];
const expiredNames = new Set(expired.map(({ name }) => name));

/** All calls to Vertex AI share a connection: a GOAWAY refuses others that are on it. */
function isOfSharedConnection(arm: string, error = ''): boolean {
  return arm.startsWith('vertex/') && /UNAVAILABLE|INTERNAL|refused|GOAWAY/i.test(error);
}

const work: LeakWork = {
  warmUp: allArms,
  baseline: usualArms,
  stress: allArms,
  titles: {
    baseline: 'now one provider, now the other',
    stress: 'connections are ended and credentials expire, between requests that succeed',
  },
  userCount,
  isCounted: true,
};

export const sdkClients: Scenario = {
  id: 'sdk-clients',
  title: 'Clients of both SDKs over many requests, and made to begin anew',
  covers: ['PERF_MEM_LEAK_PROVIDER_SDK_CLIENTS_004'],
  description:
    'Requests alternate between the providers; a third of them end the connection they came over, ' +
    'or are refused as if credentials had expired. Connections are counted all the time, living ' +
    'clients, sessions and channels before and after.',
  expectation:
    'Memory at rest does not grow with the requests; the pool of connections keeps to what the ' +
    'requests in flight need, and every client that was opened anew replaces one.',
  needs: ['procfs'],
  phases: (scale) => leakPhases(leakScales[scale], work),
  checkers: (scale) => [
    leakChecker({ experiment: leakExperiment(leakScales[scale]) }),
    // One for each call in flight, as HTTP/2 sessions of streams are not shared, and some to spare.
    connectionPoolChecker({ limit: userCount * textCount + userCount }),
    backToBaseChecker({ ...countPhases, metrics: ['clientCount', 'outboundCount', 'socketCount'] }),
    errorsChecker({
      isExpected: ({ arm, error }) => expiredNames.has(arm) || isOfSharedConnection(arm, error),
    }),
  ],
};

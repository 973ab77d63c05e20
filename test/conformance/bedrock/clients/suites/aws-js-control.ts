// The control plane's calls through @aws-sdk/client-bedrock. Its versions are loaded by name, so
// only what is used of it is described here.

import assert from 'node:assert/strict';
import { models } from './bedrock.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ControlClient {
  send(command: object): Promise<Json>;
  destroy(): void;
}

/** The package's exports: one client and its commands. */
export interface Control {
  readonly BedrockClient: new (options: object) => ControlClient;
  readonly [command: `${string}Command`]: new (input: object) => object;
}

interface ControlCall {
  readonly operation: string;
  readonly input: object;
  check(answer: Json): void;
}

export const controlCalls: readonly ControlCall[] = [
  {
    operation: 'ListFoundationModels',
    input: { byProvider: 'Anthropic' },
    check({ modelSummaries }) {
      const ids = (modelSummaries as { modelId: string }[]).map(({ modelId }) => modelId);
      assert.ok(ids.includes(models.claude) && ids.every((id) => id.startsWith('anthropic.')));
    },
  },
  {
    operation: 'GetFoundationModel',
    input: { modelIdentifier: models.claude },
    check: ({ modelDetails }) =>
      assert.equal((modelDetails as { modelId: string }).modelId, models.claude),
  },
  {
    operation: 'ListInferenceProfiles',
    input: { maxResults: 2 },
    check({ inferenceProfileSummaries, nextToken }) {
      assert.equal((inferenceProfileSummaries as unknown[]).length, 2);
      assert.equal(typeof nextToken, 'string');
    },
  },
  {
    operation: 'GetInferenceProfile',
    input: { inferenceProfileIdentifier: `us.${models.claude}` },
    check({ inferenceProfileId, status }) {
      assert.deepEqual([inferenceProfileId, status], [`us.${models.claude}`, 'ACTIVE']);
    },
  },
];

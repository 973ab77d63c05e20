// ListInferenceProfiles and GetInferenceProfile of the control plane: the cross-region profiles of
// every listed model that has any. Source: API reference of Bedrock (2023-04-20).

import { type Call, type Operation, ProviderError } from '../../provider.ts';
import type { JsonObject } from '../constraints.ts';
import { jsonAnswer } from '../json-answer.ts';
import { checkQuery, pageMembers, pageOf } from '../page.ts';
import { foundationModelArn, regionOf, resourceArn } from '../resource-arn.ts';
import { checkMembers, type Members } from '../shape.ts';
import { catalogue } from './catalogue.ts';

export const listProfilesMembers: Members = {
  ...pageMembers,
  type: { type: 'string', values: ['SYSTEM_DEFINED', 'APPLICATION'] },
};

/** Where each kind of profile routes to. */
const places = {
  us: { name: 'US', regions: ['us-east-1', 'us-east-2', 'us-west-2'] },
  eu: { name: 'EU', regions: ['eu-central-1', 'eu-west-1', 'eu-west-3'] },
  apac: { name: 'APAC', regions: ['ap-northeast-1', 'ap-southeast-1', 'ap-southeast-2'] },
} as const;

const created = '2025-01-01T00:00:00Z';

const profiles = catalogue
  .filter(({ inference }) => inference.includes('INFERENCE_PROFILE'))
  .flatMap((model) =>
    Object.entries(places).map(([prefix, place]) => ({
      id: `${prefix}.${model.id}`,
      name: `${place.name} ${model.provider} ${model.name}`,
      description: `Routes requests to ${model.provider} ${model.name} in ${inWords(place.regions)}.`,
      models: place.regions.map((region) => ({ modelArn: foundationModelArn(region, model.id) })),
    })),
  );

function inWords(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

type Profile = (typeof profiles)[number];

export const listInferenceProfiles: Operation = {
  name: 'ListInferenceProfiles',
  read({ query }) {
    checkQuery(query, listProfilesMembers);
    return { operation: 'ListInferenceProfiles', model: '', prompt: '', inputTokens: 0 };
  },
  answer: (_call, _script, request) =>
    jsonAnswer(request, () => {
      const { query } = request;
      const { items, nextToken } = pageOf(
        query.get('type') === 'APPLICATION' ? [] : profiles,
        query,
      );
      const region = regionOf(request);
      return {
        inferenceProfileSummaries: items.map((profile) => summary(profile, region)),
        ...(nextToken && { nextToken }),
      };
    }),
};

export const getProfileMembers: Members = {
  inferenceProfileIdentifier: {
    required: true,
    type: 'string',
    min: 1,
    max: 2048,
    pattern:
      '(arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|application-inference-profile)/)?[a-zA-Z0-9-:.]+',
  },
};

interface GetCall extends Call {
  readonly found: Profile;
}

export const getInferenceProfile: Operation<GetCall> = {
  name: 'GetInferenceProfile',
  read(_request, { inferenceProfileIdentifier = '' }) {
    checkMembers({ inferenceProfileIdentifier }, getProfileMembers);
    const id = inferenceProfileIdentifier.split('/').at(-1);
    const found = profiles.find((profile) => profile.id === id);
    if (found === undefined) {
      throw new ProviderError('not-found', 'The provided inference profile was not found.');
    }
    return { operation: 'GetInferenceProfile', model: found.id, prompt: '', inputTokens: 0, found };
  },
  answer: ({ found }, _script, request) =>
    jsonAnswer(request, () => summary(found, regionOf(request))),
};

function summary({ id, name, description, models }: Profile, region: string): JsonObject {
  return {
    createdAt: created,
    description,
    inferenceProfileArn: resourceArn(region, 'inference-profile', id),
    inferenceProfileId: id,
    inferenceProfileName: name,
    models,
    status: 'ACTIVE',
    type: 'SYSTEM_DEFINED',
    updatedAt: created,
  };
}

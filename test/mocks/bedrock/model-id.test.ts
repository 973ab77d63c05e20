// Which model identifiers are taken and what they tell.

import { test } from 'tap';
import { readModelId } from '../../../mocks/bedrock/model-id.ts';

const account = 'arn:aws:bedrock:us-east-1:123456789012';

const taken: readonly (readonly [id: string, vendor: string | undefined])[] = [
  ['anthropic.claude-v2:1', 'anthropic'],
  ['anthropic.claude-3-sonnet-20240229-v1:0:28k', 'anthropic'],
  ['us.anthropic.claude-3-5-sonnet-20241022-v2:0', 'anthropic'],
  ['global.anthropic.claude-sonnet-4-5-20250929-v1:0', 'anthropic'],
  ['eu.amazon.nova-lite-v1:0', 'amazon'],
  ['cohere.embed-multilingual-v3', 'cohere'],
  ['zai.glm-4.7', 'zai'],
  ['arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2', 'anthropic'],
  [`${account}:inference-profile/us.anthropic.claude-3-haiku-20240307-v1:0`, 'anthropic'],
  [`${account}:application-inference-profile/a1b2c3d4e5f6`, undefined],
  [`${account}:provisioned-model/a1b2c3d4e5f6`, undefined],
  [`${account}:custom-model/amazon.nova-lite-v1:0/a1b2c3d4e5f6`, undefined],
  [`${account}:custom-model-deployment/a1b2c3d4e5f6`, undefined],
  [`${account}:imported-model/a1b2c3d4e5f6`, undefined],
  [`${account}:prompt/ABCDE12345:2`, undefined],
  [`${account}:prompt-router/a1b2c3d4e5f6`, undefined],
  [`${account}:default-prompt-router/anthropic.claude:1`, undefined],
  ['arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint', undefined],
  ['arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.titan-embed-text-v1', 'amazon'],
];

for (const [id, vendor] of taken) {
  test(`${id} is taken and its vendor is ${vendor ?? 'hidden'}`, async (t) => {
    t.equal(readModelId(id).vendor, vendor);
    t.equal(readModelId(id).raw, id);
  });
}

const refused = [
  '',
  'claude',
  'Anthropic.Claude',
  'anthropic.',
  '.claude',
  'anthropic.claude v2',
  'anthropic.claude/../x',
  `${account}:guardrail/a1b2c3d4e5f6`,
  `${account}:foundation-model/claude`,
  'arn:aws:s3:::bucket/anthropic.claude-v2',
  'arn:aws:sagemaker:us-east-1:1:endpoint/x',
  `anthropic.${'c'.repeat(2048)}`,
];

for (const id of refused) {
  test(`${id.slice(0, 60) || 'an empty id'} is refused`, async (t) => {
    const message = 'The provided model identifier is invalid.';
    t.throws(() => readModelId(id), { code: 'validation', message });
  });
}

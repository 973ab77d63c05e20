// The forms of ids that the front door lets pass, word for word as the API's model has them, since
// a refusal repeats them. Source: the modelId members of Bedrock Runtime (2023-09-30).

import type { Shape } from './shape.ts';

const arn = 'arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:';
const vendorAndName = '[a-z0-9-]{1,63}[.]{1}[a-z0-9-]{1,63}';
const baseModel = `${vendorAndName}([.:]?[a-z0-9-]{1,63})`;
const resources = [
  `([0-9]{12}:custom-model/${vendorAndName}/[a-z0-9]{12})`,
  `(:foundation-model/${baseModel})`,
  '([0-9]{12}:imported-model/[a-z0-9]{12})',
  '([0-9]{12}:provisioned-model/[a-z0-9]{12})',
  '([0-9]{12}:custom-model-deployment/[a-z0-9]{12})',
  '([0-9]{12}:(inference-profile|application-inference-profile)/[a-zA-Z0-9-:.]+)',
];
const named = `(${arn}(${resources.join('|')}))|(${baseModel})|(([0-9a-zA-Z][_-]?)+)|([a-zA-Z0-9-:.]+)`;
const prompt = `${arn}[0-9]{12}:prompt/[0-9a-zA-Z]{10}(?::[0-9]{1,5})?`;
const others =
  '(^arn:aws:sagemaker:[a-z0-9-]+:[0-9]{12}:endpoint/[a-zA-Z0-9-]+$)|' +
  '(^arn:aws(-[^:]+)?:bedrock:([0-9a-z-]{1,20}):([0-9]{12}):(default-)?prompt-router/[a-zA-Z0-9-:.]+$)';

const identifier = { required: true, type: 'string', min: 1, max: 2048 } as const;

/** Converse's spelling and InvokeModel's differ in a bracket and an anchor. */
export const conversationalModelId = {
  ...identifier,
  pattern: `${named}|(^(${prompt}))$|${others}`,
} as const satisfies Shape;
export const invokeModelId = {
  ...identifier,
  pattern: `${named}$|(^(${prompt}))$|${others}`,
} as const satisfies Shape;

/** CountTokens and asynchronous invocations take anything that could be an id. */
export const shortModelId = {
  ...identifier,
  max: 256,
  pattern: '[a-zA-Z_\\.\\-/0-9:]+',
} as const satisfies Shape;

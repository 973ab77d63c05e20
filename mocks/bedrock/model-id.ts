// Model identifiers that passed the front door (`model-id-shape.ts`): what they say about the model
// behind, and those that name none. Source: Bedrock user guide, "Supported foundation models".

import { ProviderError } from '../provider.ts';

export interface ModelId {
  /** As the client wrote it, decoded. */
  readonly raw: string;
  /** `anthropic`, `cohere`…; undefined where the id hides it, as custom models and prompts do. */
  readonly vendor: string | undefined;
  /** What follows the vendor, without version suffix: `claude-3-haiku-20240307`. */
  readonly name: string;
  /** True for the model itself, false for a profile or another resource that leads to it. */
  readonly isOnDemand: boolean;
  /** True for prompt routers, which choose the model themselves. */
  readonly isRouter?: boolean;
}

const region = '(us|us-gov|eu|apac|jp|au|ca|sa|me|global)';
const name = '[a-z0-9][a-z0-9.-]{0,127}';
/** `us.anthropic.claude-3-haiku-20240307-v1:0`, with an optional context length `:48k`. */
const plain = new RegExp(
  `^(?:${region}\\.)?([a-z0-9-]{1,63})\\.(${name})(?::\\d{1,3}(?::[a-z0-9]{1,12})?)?$`,
);
const arn =
  /^arn:aws(?:-[a-z-]+)?:bedrock:[a-z0-9-]{1,20}:(?:\d{12})?:([a-z-]+)\/([a-zA-Z0-9.:/_-]+)$/;
const endpointArn = /^arn:aws(?:-[a-z-]+)?:sagemaker:[a-z0-9-]+:\d{12}:endpoint\/[a-zA-Z0-9-]+$/;
/** Resources whose name is a plain id, and those that hide the model behind their own id. */
const namedResources = ['foundation-model', 'inference-profile'];
const opaqueResources = [
  'application-inference-profile',
  'provisioned-model',
  'custom-model',
  'custom-model-deployment',
  'imported-model',
  'prompt',
  'prompt-router',
  'default-prompt-router',
];

/** Refuses what names no model, in the service's words. */
export function readModelId(raw: string): ModelId {
  const found = parse(raw);
  if (found === undefined) {
    throw new ProviderError('validation', 'The provided model identifier is invalid.');
  }
  return { raw, ...found };
}

function parse(id: string): Omit<ModelId, 'raw'> | undefined {
  const [, profile, vendor, name] = plain.exec(id) ?? [];
  if (vendor !== undefined && name !== undefined) {
    return { vendor, name: name.replace(/-v\d+$/, ''), isOnDemand: profile === undefined };
  }
  const [, resource = '', resourceId = ''] = arn.exec(id) ?? [];
  if (namedResources.includes(resource)) return parse(resourceId);
  const isOpaque = opaqueResources.includes(resource) || endpointArn.test(id);
  const isRouter = resource.endsWith('prompt-router');
  const hidden = { vendor: undefined, name: resourceId, isOnDemand: false, isRouter };
  return isOpaque ? hidden : undefined;
}

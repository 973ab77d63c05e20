// Models that Bedrock runs only behind an inference profile: their own id is refused. Source:
// Bedrock user guide, "Supported foundation models"; wording from reports of users.

import { ProviderError } from '../provider.ts';
import type { ModelId } from './model-id.ts';

/** By vendor. */
const profileOnly: Readonly<Record<string, RegExp>> = {
  anthropic: /^claude-(3-7-|(opus|haiku|sonnet)-[4-9])/,
  amazon: /^nova-(premier|2-(lite|pro))/,
  meta: /^llama(3-[23]-|4-)/,
  mistral: /^pixtral-large/,
  deepseek: /^r1/,
  writer: /^palmyra-x/,
};

export function checkOnDemand({ raw, vendor = '', name, isOnDemand }: ModelId): void {
  if (!isOnDemand || profileOnly[vendor]?.test(name) !== true) return;
  throw new ProviderError(
    'validation',
    `Invocation of model ID ${raw} with on-demand throughput isn’t supported. Retry your request ` +
      'with the ID or ARN of an inference profile that contains this model.',
  );
}

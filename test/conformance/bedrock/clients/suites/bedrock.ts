// What the suites in Node ask the fake Bedrock for: the doors' keys, the models, a body.

import { type Door, setup } from '../../../clients/suites/cells.ts';

export interface BedrockDoor extends Door {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export const doors = setup.doors as readonly BedrockDoor[];

export const models = {
  claude: 'anthropic.claude-3-haiku-20240307-v1:0',
  arn: 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-haiku-20240307-v1:0',
  sonic: 'amazon.nova-sonic-v1:0',
  reel: 'amazon.nova-reel-v1:0',
  titanEmbed: 'amazon.titan-embed-text-v2:0',
  cohereEmbed: 'cohere.embed-english-v3',
} as const;

export const messagesBody = (content: string, rest: object = {}) =>
  JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 1000,
    messages: [{ role: 'user', content }],
    ...rest,
  });

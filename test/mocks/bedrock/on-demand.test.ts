// Which ids are refused because the model runs only behind an inference profile.

import { test } from 'tap';
import { answerTo, converseBody, messagesBody, pathOf } from '../../fixtures/bedrock-answer.ts';

const refused = [
  'anthropic.claude-3-7-sonnet-20250219-v1:0',
  'anthropic.claude-sonnet-4-20250514-v1:0',
  'anthropic.claude-sonnet-4-5-20250929-v1:0',
  'anthropic.claude-opus-4-1-20250805-v1:0',
  'arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0',
  'meta.llama3-3-70b-instruct-v1:0',
  'amazon.nova-premier-v1:0',
];
const taken = [
  'us.anthropic.claude-sonnet-4-20250514-v1:0',
  'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3-3-70b-instruct-v1:0',
  'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdefghijkl',
  'anthropic.claude-3-haiku-20240307-v1:0',
  'meta.llama3-8b-instruct-v1:0',
  'amazon.nova-lite-v1:0',
];

for (const id of refused) {
  test(`${id} is refused, and its profile named as the way`, async (t) => {
    const message =
      `Invocation of model ID ${id} with on-demand throughput isn’t supported. Retry your request ` +
      'with the ID or ARN of an inference profile that contains this model.';
    for (const [operation, body] of [
      ['converse', converseBody],
      ['converse-stream', converseBody],
      ['invoke', messagesBody],
      ['invoke-with-response-stream', messagesBody],
    ] as const) {
      t.throws(() => answerTo(pathOf(id, operation), body), { code: 'validation', message });
    }
  });
}

for (const id of taken) {
  test(`${id} is taken`, async (t) => {
    t.doesNotThrow(() => answerTo(pathOf(id, 'converse'), converseBody));
  });
}

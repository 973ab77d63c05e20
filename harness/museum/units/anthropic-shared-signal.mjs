// Calls of Anthropic's SDK to Bedrock that share one AbortSignal.

import Anthropic from '@anthropic-ai/sdk';

const path = '/model/us.anthropic.claude-sonnet-4-20250514-v1:0/invoke';
const messages = [{ role: 'user', content: 'hello' }];
const { signal: shutdown } = new AbortController();
let client;

export default async function callWithSharedSignal({ bedrockUrl }) {
  client ??= new Anthropic({ apiKey: 'leakbed', baseURL: bedrockUrl });
  const body = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 64, messages };
  await client.post(path, { body, signal: shutdown });
}

// A stream of the AWS SDK over HTTP/2 whose connection ends halfway through the answer.

import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const text = '[[leakbed chunks=20 fault=truncate;at=50%;end=cut]] hello';
const messages = [{ role: 'user', content: [{ text }] }];
let client;

export default async function cutStream({ bedrockUrl }) {
  client ??= new BedrockRuntimeClient({ endpoint: bedrockUrl, maxAttempts: 1 });
  const command = new ConverseStreamCommand({ modelId: 'amazon.nova-lite-v1:0', messages });
  const { stream } = await client.send(command);
  try {
    for await (const _ of stream);
  } catch {
    // The cut: what a gateway would tell its client.
  }
}

// A program that knows nothing of leakbed: the AWS SDK for JavaScript with a region and nothing
// else, so that host names, credentials and trust come from where they come from in the cloud.

import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

const client = new BedrockRuntimeClient({ region: 'eu-west-1', maxAttempts: 1 });
const { stream } = await client.send(
  new ConverseStreamCommand({
    modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say something.' }] }],
  }),
);
let text = '';
for await (const event of stream) text += event.contentBlockDelta?.delta?.text ?? '';
const { accessKeyId } = await client.config.credentials();
const said = { bytes: Buffer.byteLength(text), credentials: accessKeyId.slice(0, 4) };
process.stdout.write(`${JSON.stringify(said)}\n`);

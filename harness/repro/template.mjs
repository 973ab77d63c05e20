// One unit of work, run again and again by `leakbed repro`. What is made out here is shared by all
// calls, as in the service where it leaks; what is made in the function should be gone after it.
// Packages come from --package NAME@VERSION.

import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';

// The answer is asked for in the prompt; `leakbed faults` lists what can be done to it.
const text = '[[leakbed chunks=20 fault=truncate;at=50%]] hello';
let client;

/** Context: { bedrockUrl, vertexUrl, env, signal, iteration }. */
export default async function unitOfWork({ bedrockUrl }) {
  client ??= new BedrockRuntimeClient({ endpoint: bedrockUrl });
  const { stream } = await client.send(
    new ConverseStreamCommand({
      modelId: 'amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text }] }],
    }),
  );
  for await (const _ of stream);
}

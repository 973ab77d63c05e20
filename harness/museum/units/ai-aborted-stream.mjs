// A stream of the AI SDK that its reader aborts, through a signal that also follows the process's.

import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { streamText } from 'ai';

const credentials = { accessKeyId: 'leakbed', secretAccessKey: 'leakbed' };
const prompt = '[[leakbed chunks=50 gap=2ms]] hello';
const shutdown = new AbortController();
let model;

export default async function abortedStream({ bedrockUrl }) {
  model ??= createAmazonBedrock({ region: 'us-east-1', baseURL: bedrockUrl, ...credentials })(
    'amazon.nova-lite-v1:0',
  );
  const reader = new AbortController();
  const abortSignal = AbortSignal.any([shutdown.signal, reader.signal]);
  const { fullStream } = streamText({ model, prompt, abortSignal, maxRetries: 0 });
  let partCount = 0;
  for await (const _ of fullStream) {
    partCount++;
    if (partCount === 6) reader.abort();
  }
}

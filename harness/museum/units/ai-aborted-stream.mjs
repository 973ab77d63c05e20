// A stream of the AI SDK that its reader aborts, through a signal that follows two others.

import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { streamText } from 'ai';

const credentials = { accessKeyId: 'leakbed', secretAccessKey: 'leakbed' };
const prompt = '[[leakbed chunks=50 gap=2ms]] hello';
let model;

export default async function abortedStream({ bedrockUrl }) {
  model ??= createAmazonBedrock({ region: 'us-east-1', baseURL: bedrockUrl, ...credentials })(
    'amazon.nova-lite-v1:0',
  );
  const reader = new AbortController();
  // Made for each call: a source that outlives it keeps 180 B of every composite on Node 22.14.
  const deadline = new AbortController();
  const abortSignal = AbortSignal.any([deadline.signal, reader.signal]);
  const { fullStream } = streamText({ model, prompt, abortSignal, maxRetries: 0 });
  let partCount = 0;
  for await (const _ of fullStream) {
    partCount++;
    if (partCount === 6) reader.abort();
  }
}

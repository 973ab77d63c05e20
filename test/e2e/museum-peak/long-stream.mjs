// One answer of the AI SDK, streamed to its end: prints how far the heap rose above where it was
// before and is after. Copied beside the packages; arguments: the fakes' address, chunks.

import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { streamText } from 'ai';

const [, , baseURL, chunkCount] = process.argv;
const credentials = { accessKeyId: 'leakbed', secretAccessKey: 'leakbed' };
const model = createAmazonBedrock({ region: 'us-east-1', baseURL, ...credentials })(
  'amazon.nova-lite-v1:0',
);
const prompt = `[[leakbed chunks=${chunkCount} bytes=64]] hello`;
/** Between two looks; each costs some 10 µs. */
const chunksPerLook = 50;

async function streamed() {
  const { textStream } = streamText({ model, prompt, maxRetries: 0 });
  let chunks = 0;
  let peakBytes = 0;
  for await (const _ of textStream) {
    if (++chunks % chunksPerLook === 0) {
      peakBytes = Math.max(peakBytes, process.memoryUsage().heapUsed);
    }
  }
  return { chunks, peakBytes };
}

function restBytes() {
  for (let round = 0; round < 2; round++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}

await streamed();
const before = restBytes();
const { chunks, peakBytes } = await streamed();
const kept = restBytes() - before;
process.stdout.write(JSON.stringify({ chunks, peakBytes: peakBytes - before, keptBytes: kept }));

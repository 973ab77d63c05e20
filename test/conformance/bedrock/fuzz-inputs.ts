// What is malformed about Bedrock: requests of its REST API, and the frames of its bidirectional
// streams.

import type { Rng } from '../../../injectors/determinism.ts';
import { encodeHeaders, encodeMessage } from '../../../mocks/codec/eventstream.ts';
import { claude } from '../../fixtures/bedrock-answer.ts';
import { bytesInput, type RawInput } from '../../fixtures/fuzz/bytes.ts';
import { httpJudge, httpKinds, post, type RawKinds } from '../../fixtures/fuzz/http.ts';
import { damaged, oddValues, randomBytes } from '../../fixtures/fuzz/mutate.ts';
import type { FuzzInput } from '../../fixtures/fuzz/run.ts';

const encoded = encodeURIComponent(claude);
const models = [encoded, 'amazon.nova-lite-v1%3A0', 'meta.llama3-8b-instruct-v1%3A0', 'nonsense'];
const operations = [
  'converse',
  'converse-stream',
  'invoke',
  'invoke-with-response-stream',
  'count-tokens',
];
const otherPaths = [
  '/guardrail/abcdefghij/version/1/apply',
  '/async-invoke',
  '/foundation-models',
  '/inference-profiles/us.x',
  '/',
  '/%',
  '/model/%ZZ/converse',
];

const body = {
  messages: [{ role: 'user', content: [{ text: 'Hi [[leakbed chunks=2]]' }] }],
  system: [{ text: 'Be short.' }],
  inferenceConfig: { maxTokens: 5, temperature: 0.5, stopSequences: ['x'] },
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 5,
};

function pathOf(rng: Rng): string {
  if (rng.next() < 0.15) return rng.pick(otherPaths);
  return `/model/${rng.pick(models)}/${rng.pick(operations)}`;
}

const chunkHeaders = encodeHeaders({
  ':event-type': 'chunk',
  ':message-type': 'event',
  ':content-type': 'application/json',
});

/** Frames of a bidirectional stream, some of them damaged, cut or with bytes between them. */
function badFrames(rng: Rng): RawInput {
  const events = ['sessionStart', 'promptStart', 'contentStart', 'textInput', 'promptEnd', 'odd'];
  const frames = Array.from({ length: rng.integer(1, 5) }, () => {
    const names = { promptName: 'p', contentName: rng.pick(['c', 'd', '']) };
    const event = { [rng.pick(events)]: rng.next() < 0.3 ? rng.pick(oddValues) : names };
    const part = Buffer.from(JSON.stringify({ event })).toString('base64');
    const { bytes } = encodeMessage(chunkHeaders, JSON.stringify({ bytes: part }));
    return rng.next() < 0.5 ? damaged(rng, bytes) : bytes;
  });
  if (rng.next() < 0.3) frames.push(randomBytes(rng, rng.integer(1, 40)));
  const all = Buffer.concat(frames);
  const content = rng.next() < 0.3 ? all.subarray(0, rng.integer(1, all.length)) : all;
  const path = '/model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream';
  const type = 'application/vnd.amazon.eventstream';
  return { bytes: post(path, content, [], type), isWhole: true };
}

const kinds: RawKinds = {
  ...httpKinds({
    pick: (rng) => ({ path: pathOf(rng), body }),
    longPath: (length) => `/model/${'m'.repeat(length)}/converse`,
    brokenLines: ['x-amz-date: yesterday\r\nauthorization: AWS4-HMAC-SHA256 nonsense'],
  }),
  'bad-frames': badFrames,
};

export const fuzzKinds = Object.keys(kinds);

const judge = httpJudge(
  (answer) => /^x-amzn-errortype: /im.test(answer) || / 404 /.test(answer.slice(0, 16)),
);

export function malformedBedrock(rng: Rng): FuzzInput {
  const kind = rng.pick(fuzzKinds);
  return bytesInput(kind, kinds[kind]?.(rng) ?? badFrames(rng), judge);
}

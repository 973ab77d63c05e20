// What is malformed about Vertex AI: requests of its REST API, HTTP/2 connections and gRPC calls,
// and Live sessions.

import type { Rng } from '../../../injectors/determinism.ts';
import { bytesInput, type Judge } from '../../fixtures/fuzz/bytes.ts';
import { httpJudge, httpKinds, type RawKinds } from '../../fixtures/fuzz/http.ts';
import type { FuzzInput } from '../../fixtures/fuzz/run.ts';
import { geminiName, userContents } from '../../fixtures/vertex-api.ts';
import { grpcInput, grpcKinds } from './fuzz-grpc.ts';
import { http2Floods } from './fuzz-http2.ts';
import { liveJudge, liveKinds } from './fuzz-live.ts';

const parent = 'projects/p/locations/us-central1';
const claude = `${parent}/publishers/anthropic/models/claude-sonnet-4-5@20250929`;
const words = '[[leakbed chunks=2]]';
const chat = { messages: [{ role: 'user', content: words }], max_tokens: 5 };
const gemini = {
  contents: userContents(words),
  systemInstruction: { parts: [{ text: 'Be short.' }] },
  generationConfig: { maxOutputTokens: 5, temperature: 0.5, stopSequences: ['x'] },
  tools: [{ functionDeclarations: [{ name: 'weather', parameters: { type: 'OBJECT' } }] }],
};
const tensors = { inputs: [{ dtype: 'STRING', stringVal: [words] }] };

/** What follows the version, with a body that is good for it. */
const calls: readonly (readonly [path: string, body: object])[] = [
  [`${geminiName}:generateContent`, gemini],
  [`${geminiName}:streamGenerateContent`, gemini],
  [`${geminiName}:streamGenerateContent?alt=sse`, gemini],
  [`${geminiName}:generateContent?$alt=json%3Benum-encoding=int`, gemini],
  [`${geminiName}:countTokens`, gemini],
  [`${geminiName}:computeTokens`, gemini],
  [`${parent}/publishers/google/models/text-embedding-005:predict`, { instances: [{}, {}] }],
  [`${parent}/publishers/google/models/gemini-embedding-2:embedContent`, { content: gemini }],
  [`${claude}:rawPredict`, { ...chat, anthropic_version: 'vertex-2023-10-16' }],
  [`${claude}:streamRawPredict`, { ...chat, stream: true }],
  [`${parent}/endpoints/openapi/chat/completions`, { ...chat, model: 'meta/llama', stream: true }],
  [`${parent}/endpoints/1:serverStreamingPredict`, tensors],
  [`${parent}/endpoints/1:explain`, { instances: [{ age: 3 }] }],
  [`${parent}/endpoints/1:directPredict`, tensors],
  [`${parent}/cachedContents`, { model: geminiName, contents: gemini.contents, ttl: '60s' }],
  [`${geminiName}:predictLongRunning`, { instances: [{ prompt: words }] }],
  [`${geminiName}:fetchPredictOperation`, { operationName: `${geminiName}/operations/1` }],
  [`${geminiName}:nonsense`, gemini],
  ['publishers/google/models/%ZZ:generateContent', gemini],
  ['', gemini],
];

const raw: RawKinds = httpKinds({
  pick(rng) {
    const [path, body] = rng.pick(calls);
    return { path: `/${rng.pick(['v1', 'v1beta1', 'v1beta1', 'v2'])}/${path}`, body };
  },
  longPath: (length) => `/v1/publishers/google/models/${'m'.repeat(length)}:generateContent`,
  brokenLines: ['authorization: Bearer', 'accept-encoding: ,;q=', 'x-server-timeout: soon'],
});

/** Google's envelope, perhaps in an array; Anthropic's and OpenAI's have an error too. */
const restJudge = httpJudge(
  (answer) => /"error"\s*:\s*\{/.test(answer) || / 404 /.test(answer.slice(0, 16)),
);
/** Nothing is said in a way that could be read without a client; closing is what is asked. */
const http2Judge: Judge = (answer) => ({
  ending: answer.length > 0 ? 'told, closed' : 'closed',
  complaint: undefined,
});

const makers: Readonly<Record<string, (rng: Rng, kind: string) => FuzzInput>> = {
  ...made(raw, restJudge),
  ...made(http2Floods, http2Judge),
  ...made(liveKinds, liveJudge),
  ...Object.fromEntries(
    Object.entries(grpcKinds).map(([kind, make]) => [
      kind,
      (rng: Rng) => grpcInput(kind, make(rng)),
    ]),
  ),
};

function made(kinds: RawKinds, judge: Judge) {
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, make]) => [
      kind,
      (rng: Rng) => bytesInput(kind, make(rng), judge),
    ]),
  );
}

export const fuzzKinds = Object.keys(makers);

export function malformedVertex(rng: Rng): FuzzInput {
  const kind = rng.pick(fuzzKinds);
  const make = makers[kind];
  if (make === undefined) throw new Error(`Cannot make an input of kind ${kind}.`);
  return make(rng, kind);
}

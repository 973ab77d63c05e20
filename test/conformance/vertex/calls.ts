// Every call that @google-cloud/aiplatform has for what the fake serves: how it is made and what a
// right answer is. Over 250 lines because it is one table: all that one SDK can do.

import type { v1beta1 } from '@google-cloud/aiplatform';
import { fromProtoValue, toProtoValue } from '../../../mocks/vertex/proto-value.ts';
import { embeddingName, geminiName, userContents } from '../../fixtures/vertex-api.ts';
import { customModelCalls } from './custom-model-calls.ts';
import { policyCalls } from './policy-calls.ts';
import { all, parent, textOf, type VertexCall, words } from './vertex-call.ts';

const claude = `${parent}/publishers/anthropic/models/claude-sonnet-4-5@20250929`;
const mistral = `${parent}/publishers/mistralai/models/mistral-medium-3`;

const httpBody = (body: object) => ({ contentType: 'application/json', data: json(body) });
const json = (body: object) => Buffer.from(JSON.stringify(body));

interface Location {
  readonly locationId: string;
}

interface HttpBody {
  readonly data?: string | Uint8Array | null;
}
const messages = [{ role: 'user', content: words('chunks=2 bytes=5') }];
const claudeBody = { anthropic_version: 'vertex-2023-10-16', max_tokens: 100, messages };

interface GeminiChunk {
  readonly candidates: readonly {
    readonly finishReason: unknown;
    readonly content: {
      readonly parts: readonly { text?: string; functionCall?: { name: string } | null }[];
    };
  }[];
  readonly usageMetadata?: { readonly candidatesTokenCount: number } | null;
}

/** Lengths of the texts and names of the functions, one for each message. */
const piecesOf = (chunks: readonly GeminiChunk[]) =>
  chunks.map(({ candidates }) => {
    const [part] = candidates[0]?.content.parts ?? [];
    return part?.functionCall?.name ?? part?.text?.length;
  });

const tools = [
  { functionDeclarations: [{ name: 'weather', parameters: { type: 'OBJECT' as const } }] },
];

export const vertexCalls: readonly VertexCall[] = [
  {
    name: 'GenerateContent',
    async run({ prediction }) {
      const contents = userContents(words('chunks=4 bytes=25'));
      const [answer] = await prediction.generateContent({ model: geminiName, contents });
      return answer;
    },
    wanted: {
      candidates: [{ content: { parts: [{ text: /^[a-z ]{100}$/ }] }, finishReason: 'STOP' }],
      usageMetadata: { candidatesTokenCount: 25 },
      modelVersion: 'gemini-2.5-flash',
    },
  },
  {
    name: 'StreamGenerateContent',
    async run({ prediction }) {
      const contents = userContents(words('chunks=4 bytes=25'));
      const stream = prediction.streamGenerateContent({ model: geminiName, contents });
      const chunks = await all(stream as AsyncIterable<GeminiChunk>);
      return {
        pieces: piecesOf(chunks),
        finish: chunks.at(-1)?.candidates[0]?.finishReason,
        tokens: chunks.at(-1)?.usageMetadata?.candidatesTokenCount,
      };
    },
    wanted: { pieces: [25, 25, 25, 25, 0], finish: 'STOP', tokens: 25 },
  },
  {
    name: 'StreamGenerateContent, tool',
    async run({ prediction }) {
      const contents = userContents(words('chunks=1 bytes=5 tool=1'));
      const stream = prediction.streamGenerateContent({ model: geminiName, contents, tools });
      return piecesOf(await all(stream as AsyncIterable<GeminiChunk>));
    },
    wanted: [5, 'weather', 0],
  },
  {
    name: 'GenerateContent, tool',
    async run({ prediction }) {
      const [answer] = await prediction.generateContent({
        model: geminiName,
        contents: userContents(words('chunks=1 bytes=5 thinking=1 tool=1')),
        tools,
      });
      const parts = answer.candidates?.[0]?.content?.parts ?? [];
      return {
        kinds: parts.map(({ thought, functionCall, text }) =>
          functionCall ? functionCall.name : `${thought ? 'thought' : 'text'} ${text?.length}`,
        ),
        thoughts: answer.usageMetadata?.thoughtsTokenCount,
      };
    },
    wanted: { kinds: ['thought 5', 'text 5', 'weather'], thoughts: 2 },
  },
  {
    name: 'blocked prompt',
    serves: ['StreamGenerateContent'],
    async run({ prediction }) {
      const contents = userContents(words('stop=guardrail'));
      const stream = prediction.streamGenerateContent({ model: geminiName, contents });
      const answers = await all(stream as AsyncIterable<{ promptFeedback: object }>);
      return answers.map(({ promptFeedback }) => promptFeedback);
    },
    wanted: [{ blockReason: 'MODEL_ARMOR', safetyRatings: { length: 4 } }],
  },
  {
    name: 'CountTokens',
    async run({ version, prediction, tokens }) {
      const client = version === 'v1' ? tokens : (prediction as unknown as typeof tokens);
      const [count] = await client.countTokens({
        endpoint: geminiName,
        contents: userContents('abcdefgh'),
      });
      return count.totalTokens;
    },
    wanted: 2,
  },
  {
    name: 'ComputeTokens',
    async run({ tokens }) {
      const contents = userContents('abcdefgh');
      const [{ tokensInfo }] = await tokens.computeTokens({ endpoint: geminiName, contents });
      return tokensInfo?.map(({ tokens: pieces, tokenIds, role }) => ({
        pieces: pieces?.map((data) => textOf({ data })),
        ids: tokenIds?.length,
        role,
      }));
    },
    wanted: [{ pieces: ['abcd', 'efgh'], ids: 2, role: 'user' }],
  },
  {
    name: 'Predict, embeddings',
    async run({ prediction }) {
      const [answer] = await prediction.predict({
        endpoint: embeddingName,
        instances: [toProtoValue({ content: 'a' })] as object[],
        parameters: toProtoValue({ outputDimensionality: 3 }),
      });
      return answer.predictions?.map(fromProtoValue);
    },
    wanted: [{ embeddings: { values: { length: 3 }, statistics: { token_count: 1 } } }],
  },
  {
    name: 'EmbedContent',
    async run({ prediction }) {
      const [{ embedding, truncated, usageMetadata }] = await prediction.embedContent({
        model: `${parent}/publishers/google/models/gemini-embedding-2-preview`,
        content: { parts: [{ text: 'abcd' }] },
        embedContentConfig: { outputDimensionality: 4 },
      });
      return {
        values: embedding?.values?.length,
        truncated,
        tokens: usageMetadata?.promptTokenCount,
      };
    },
    wanted: { values: 4, truncated: false, tokens: 1 },
  },
  ...customModelCalls,
  ...policyCalls,
  {
    name: 'RawPredict, Claude',
    transports: ['grpc'],
    async run({ prediction }) {
      const request = { endpoint: claude, httpBody: httpBody(claudeBody) };
      const [answer] = await prediction.rawPredict(request);
      return JSON.parse(textOf(answer));
    },
    wanted: { id: /^msg_vrtx_01/, type: 'message', content: [{ text: /^.{10}$/ }] },
  },
  {
    name: 'StreamRawPredict, Claude',
    transports: ['grpc'],
    async run({ prediction }) {
      const body = httpBody({ ...claudeBody, stream: true });
      const stream = prediction.streamRawPredict({ endpoint: claude, httpBody: body });
      const answers = await all(stream as AsyncIterable<HttpBody>);
      return answers.map((answer) => /^event: (\w+)\n/.exec(textOf(answer))?.[1]);
    },
    wanted: [
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ],
  },
  {
    name: 'RawPredict, Mistral',
    transports: ['grpc'],
    async run({ prediction }) {
      const [answer] = await prediction.rawPredict({
        endpoint: mistral,
        httpBody: httpBody({ model: 'mistral-medium-3', messages }),
      });
      return JSON.parse(textOf(answer)).choices;
    },
    wanted: [{ message: { content: /^.{10}$/ }, finish_reason: 'stop' }],
  },
  {
    name: 'ChatCompletions, stream',
    versions: ['v1beta1'],
    transports: ['grpc'],
    async run({ prediction }) {
      const client = prediction as unknown as v1beta1.PredictionServiceClient;
      const body = { model: 'meta/llama-3.3-70b-instruct-maas', stream: true, messages };
      const stream = client.chatCompletions({
        endpoint: `${parent}/endpoints/openapi`,
        httpBody: httpBody(body),
      });
      return (await all(stream as AsyncIterable<HttpBody>))
        .map(textOf)
        .map((text) =>
          text.includes('[DONE]') ? 'done' : JSON.parse(text.slice(6)).choices[0].finish_reason,
        );
    },
    wanted: [null, null, 'stop', 'done'],
  },
  {
    name: 'cached contents',
    serves: [
      'CreateCachedContent',
      'GetCachedContent',
      'GenerateContent',
      'UpdateCachedContent',
      'ListCachedContents',
      'DeleteCachedContent',
      'GetCachedContent',
    ],
    async run({ caches, prediction }) {
      const [made] = await caches.createCachedContent({
        parent,
        cachedContent: {
          model: geminiName,
          displayName: 'manual',
          contents: userContents('x'.repeat(4000)),
          ttl: { seconds: 60 },
        },
      });
      const name = made.name ?? '';
      const [found] = await caches.getCachedContent({ name });
      const [answer] = await prediction.generateContent({
        model: geminiName,
        contents: userContents('abcd'),
        cachedContent: name,
      });
      const [updated] = await caches.updateCachedContent({
        cachedContent: { name, ttl: { seconds: 7200 } },
        updateMask: { paths: ['ttl'] },
      });
      const [listed] = await caches.listCachedContents({ parent });
      await caches.deleteCachedContent({ name });
      const gone = await caches.getCachedContent({ name }).catch((error) => String(error.code));
      const lived = Number(updated.expireTime?.seconds) - Number(made.expireTime?.seconds);
      return {
        displayName: found.displayName,
        tokens: found.usageMetadata?.totalTokenCount,
        cached: answer.usageMetadata?.cachedContentTokenCount,
        prompt: answer.usageMetadata?.promptTokenCount,
        isLonger: lived > 7000,
        isListed: listed.some((content) => content.name === name),
        gone,
      };
    },
    wanted: {
      displayName: 'manual',
      tokens: 1000,
      cached: 1000,
      prompt: 1001,
      isLonger: true,
      isListed: true,
      // Over REST the SDK's version 6 keeps the status of HTTP.
      gone: /^(5|404)$/,
    },
  },
  {
    name: 'model garden',
    serves: ['GetPublisherModel'],
    async run({ garden }) {
      const name = 'publishers/google/models/gemini-2.5-flash';
      const [model] = await garden.getPublisherModel({ name });
      return model;
    },
    wanted: { name: 'publishers/google/models/gemini-2.5-flash', launchStage: 'GA' },
  },
  {
    name: 'locations',
    serves: ['GetLocation', 'ListLocations'],
    async run({ prediction }) {
      const [location] = (await prediction.getLocation({ name: parent })) as never as [Location];
      const ids: unknown[] = [];
      const locations = prediction.listLocationsAsync({ name: 'projects/p' });
      for await (const { locationId } of locations as AsyncIterable<{ locationId: string }>) {
        ids.push(locationId);
      }
      return { id: location.locationId, isListed: ids.includes('us-central1') };
    },
    wanted: { id: 'us-central1', isListed: true },
  },
];

// Every call that @google-cloud/aiplatform has for what the fake serves: how it is made and what a
// right answer is. One table for both transports and both API versions.

import { v1, v1beta1 } from '@google-cloud/aiplatform';
import { fromProtoValue, toProtoValue } from '../../../mocks/vertex/proto-value.ts';
import { embeddingName, geminiName, userContents } from '../../fixtures/vertex-api.ts';
import type { grpcOptions, restOptions } from '../../fixtures/vertex-clients.ts';

const parent = 'projects/p/locations/us-central1';
const endpoint = `${parent}/endpoints/123`;
const claude = `${parent}/publishers/anthropic/models/claude-sonnet-4-5@20250929`;
const mistral = `${parent}/publishers/mistralai/models/mistral-medium-3`;

type Options = ReturnType<typeof grpcOptions | typeof restOptions>;

/** The clients of one API version; their types differ in nothing that is used here. */
export function clientsOf(version: 'v1' | 'v1beta1', options: Options) {
  const api = version === 'v1' ? v1 : (v1beta1 as unknown as typeof v1);
  return {
    version,
    prediction: new api.PredictionServiceClient(options),
    tokens: new api.LlmUtilityServiceClient(options),
    caches: new api.GenAiCacheServiceClient(options),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

export interface VertexCall {
  readonly name: string;
  /** Versions that have it; both unless said. */
  readonly versions?: readonly string[];
  /** Bidirectional streams and raw bodies have no REST form in this SDK. */
  readonly transports?: readonly string[];
  /** What came, reduced to what can be compared. */
  run(clients: Clients): Promise<unknown>;
  readonly wanted: unknown;
}

const httpBody = (body: object) => ({ contentType: 'application/json', data: json(body) });
const json = (body: object) => Buffer.from(JSON.stringify(body));
const words = (directive: string) => `[[leakbed ${directive}]]`;
const tensor = (text: string) => ({ dtype: 'STRING' as const, shape: [1], stringVal: [text] });

interface Location {
  readonly locationId: string;
}

interface HttpBody {
  readonly data?: string | Uint8Array | null;
}
const textOf = ({ data }: HttpBody) => Buffer.from((data ?? '') as Uint8Array).toString();

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

/** A bidirectional call that sends two messages, the second without its endpoint. */
async function converse<T>(
  stream: NodeJS.ReadWriteStream & AsyncIterable<T>,
  messages: readonly object[],
): Promise<T[]> {
  for (const message of messages) stream.write(message as never);
  stream.end();
  return all(stream);
}

const messages = [{ role: 'user', content: words('chunks=2 bytes=5') }];
const claudeBody = { anthropic_version: 'vertex-2023-10-16', max_tokens: 100, messages };

export const vertexCalls: readonly VertexCall[] = [
  {
    name: 'generateContent with a function call and thoughts',
    async run({ prediction }) {
      const [answer] = await prediction.generateContent({
        model: geminiName,
        contents: userContents(words('chunks=1 bytes=5 thinking=1 tool=1')),
        tools: [{ functionDeclarations: [{ name: 'weather', parameters: { type: 'OBJECT' } }] }],
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
    name: 'streamGenerateContent of a blocked prompt',
    async run({ prediction }) {
      const contents = userContents(words('stop=guardrail'));
      const stream = prediction.streamGenerateContent({ model: geminiName, contents });
      const answers = await all(stream as AsyncIterable<{ promptFeedback: object }>);
      return answers.map(({ promptFeedback }) => promptFeedback);
    },
    wanted: [{ blockReason: 'MODEL_ARMOR', safetyRatings: { length: 4 } }],
  },
  {
    name: 'countTokens',
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
    name: 'computeTokens',
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
    name: 'predict of embeddings',
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
    name: 'predict of a custom model',
    async run({ prediction }) {
      const instances = [toProtoValue({ prompt: words('chunks=1 bytes=7') })] as object[];
      const [answer] = await prediction.predict({ endpoint, instances });
      return answer.predictions?.map((value) => String(fromProtoValue(value)).length);
    },
    wanted: [7],
  },
  {
    name: 'embedContent',
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
  {
    name: 'explain',
    async run({ prediction }) {
      const instances = [toProtoValue({ age: 3, name: 'x' })] as object[];
      const [{ explanations }] = await prediction.explain({ endpoint, instances });
      const shares = explanations?.[0]?.attributions?.[0]?.featureAttributions;
      return Object.keys(fromProtoValue(shares) as object);
    },
    wanted: ['age', 'name'],
  },
  {
    name: 'directPredict',
    async run({ prediction }) {
      const inputs = [tensor(words('chunks=2 bytes=4'))];
      const [{ outputs }] = await prediction.directPredict({ endpoint, inputs });
      return outputs?.map(({ stringVal }) => stringVal?.[0]?.length);
    },
    wanted: [8],
  },
  {
    name: 'directRawPredict',
    async run({ prediction }) {
      const input = Buffer.from(words('chunks=2 bytes=4'));
      const [{ output }] = await prediction.directRawPredict({ endpoint, methodName: 'M', input });
      return textOf({ data: output as Uint8Array }).length;
    },
    wanted: 8,
  },
  {
    name: 'serverStreamingPredict',
    async run({ prediction }) {
      const inputs = [tensor(words('chunks=3 bytes=4'))];
      const stream = prediction.serverStreamingPredict({ endpoint, inputs });
      const answers = await all(stream as AsyncIterable<{ outputs: { stringVal: string[] }[] }>);
      return answers.map(({ outputs }) => outputs[0]?.stringVal[0]?.length);
    },
    wanted: [4, 4, 4],
  },
  ...(['streamingPredict', 'streamDirectPredict'] as const).map(
    (name): VertexCall => ({
      name,
      transports: ['grpc'],
      async run({ prediction }) {
        const answers = await converse<{ outputs: { stringVal: string[] }[] }>(prediction[name](), [
          { endpoint, inputs: [tensor(words('chunks=2 bytes=4'))] },
          { inputs: [tensor(words('chunks=1 bytes=9'))] },
        ]);
        return answers.map(({ outputs }) => outputs[0]?.stringVal[0]?.length);
      },
      wanted: [4, 4, 9],
    }),
  ),
  ...(['streamingRawPredict', 'streamDirectRawPredict'] as const).map(
    (name): VertexCall => ({
      name,
      transports: ['grpc'],
      async run({ prediction }) {
        const answers = await converse<{ output: Uint8Array }>(prediction[name](), [
          { endpoint, methodName: 'M', input: Buffer.from(words('chunks=2 bytes=4')) },
          { input: Buffer.from(words('chunks=1 bytes=9')) },
        ]);
        return answers.map(({ output }) => output.length);
      },
      wanted: [4, 4, 9],
    }),
  ),
  {
    name: 'rawPredict of Claude',
    transports: ['grpc'],
    async run({ prediction }) {
      const request = { endpoint: claude, httpBody: httpBody(claudeBody) };
      const [answer] = await prediction.rawPredict(request);
      return JSON.parse(textOf(answer));
    },
    wanted: { id: /^msg_vrtx_01/, type: 'message', content: [{ text: /^.{10}$/ }] },
  },
  {
    name: 'streamRawPredict of Claude',
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
    name: 'rawPredict of Mistral',
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
    name: 'chatCompletions',
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
    name: 'cached contents from their making to their end',
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
      const gone = await caches.getCachedContent({ name }).catch((error) => error.code);
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
      gone: 5,
    },
  },
  {
    name: 'listLocations and getLocation',
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

// How often each client asks when it is told to come again, by its own defaults: the journal
// counts. All at once, each with fakes of its own, because some of them wait for seconds.

import { generateText } from 'ai';
import { t as root, test } from 'tap';
import { parseFaultWords } from '../../../injectors/plan.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  genai,
  generateRequest,
  grpcOptions,
  predictionClients,
  restOptions,
} from '../../fixtures/vertex-clients.ts';
import { aiModels, anthropicVertex, claudeRequest } from '../../fixtures/vertex-sdks.ts';

type Ask = (mocks: Mocks) => Promise<unknown>;

const unary =
  (options: typeof grpcOptions | typeof restOptions): Ask =>
  (mocks) =>
    predictionClients(options(mocks)).v1.generateContent(generateRequest(''));

const streamed: Ask = (mocks) => {
  const { v1 } = predictionClients(grpcOptions(mocks));
  const stream = v1.streamGenerateContent(generateRequest(''));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stream.on('error', reject).on('end', resolve).resume();
  return promise;
};

const model = 'gemini-2.5-flash';
const anthropicRetries = 2;

const asks = {
  'aiplatform over gRPC': unary(grpcOptions),
  'aiplatform over gRPC, stream': streamed,
  'aiplatform over REST': unary(restOptions),
  genai: (mocks) => genai(mocks).models.generateContent({ model, contents: 'hi' }),
  'genai with retryOptions': (mocks) =>
    genai(mocks).models.generateContent({
      model,
      contents: 'hi',
      config: { httpOptions: { retryOptions: { attempts: 2 } } },
    }),
  anthropic: (mocks) =>
    anthropicVertex(mocks, anthropicRetries).messages.create(claudeRequest('hi')),
  'AI SDK': (mocks) => generateText({ model: aiModels(mocks).gemini, prompt: 'hi' }),
} satisfies Readonly<Record<string, Ask>>;

const soon = 'retry-after=1s';
/** Requests that come; none of these is ever answered well. */
const attempts: Readonly<Record<string, Readonly<Record<keyof typeof asks, number>>>> = {
  [`status;code=429;${soon}`]: {
    'aiplatform over gRPC': 1,
    'aiplatform over gRPC, stream': 3,
    'aiplatform over REST': 1,
    genai: 1,
    'genai with retryOptions': 2,
    anthropic: 3,
    'AI SDK': 3,
  },
  [`status;code=503;${soon}`]: {
    'aiplatform over gRPC': 1,
    'aiplatform over gRPC, stream': 3,
    'aiplatform over REST': 1,
    genai: 1,
    'genai with retryOptions': 2,
    anthropic: 3,
    'AI SDK': 3,
  },
  // What is wrong stays wrong.
  'status;code=400': {
    'aiplatform over gRPC': 1,
    'aiplatform over gRPC, stream': 3,
    'aiplatform over REST': 1,
    genai: 1,
    'genai with retryOptions': 1,
    anthropic: 1,
    'AI SDK': 1,
  },
};

root.setTimeout(120_000);
for (const [fault, byClient] of Object.entries(attempts)) {
  test(`${fault}: every client asks as often as it always does`, async (t) => {
    t.setTimeout(60_000);
    const counted = Object.entries(asks).map(async ([name, ask]: [string, Ask]) => {
      const plan = { faults: [parseFaultWords(fault)] };
      await using mocks = await startMocks({ port: 0, seed: 1, plan });
      await t.rejects(ask(mocks), name);
      return [name, mocks.journal.lastSequence] as const;
    });
    t.same(Object.fromEntries(await Promise.all(counted)), byClient);
  });
}

test('who is served asks once', async (t) => {
  const counted = Object.entries(asks).map(async ([name, ask]: [string, Ask]) => {
    await using mocks = await startMocks({ port: 0, seed: 1 });
    await ask(mocks);
    t.equal(mocks.journal.lastSequence, 1, name);
  });
  await Promise.all(counted);
});

// Function calls told bit by bit, put together again from what two real clients are given, over SSE
// and gRPC.

import { v1 } from '@google-cloud/aiplatform';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import {
  answerOf,
  framesOf,
  geminiName,
  restRequest,
  userContents,
} from '../../fixtures/vertex-api.ts';
import { genai, grpcOptions } from '../../fixtures/vertex-clients.ts';
import { all } from './vertex-call.ts';

const parameters = {
  type: 'OBJECT',
  properties: {
    city: { type: 'STRING' },
    days: { type: 'INTEGER', minimum: 3 },
    units: { type: 'ARRAY', items: { type: 'STRING', enum: ['metric'] } },
  },
};
const request = {
  contents: userContents('[[leakbed chunks=1 bytes=6 tool=2]]'),
  tools: [{ functionDeclarations: [{ name: 'weather', parameters }] }],
  toolConfig: { functionCallingConfig: { mode: 'ANY', streamFunctionCallArguments: true } },
};

interface PartialArg {
  readonly jsonPath?: string | null;
  readonly stringValue?: string | null;
  readonly numberValue?: number | null;
  readonly willContinue?: boolean | null;
}

interface Chunk {
  readonly candidates?:
    | readonly {
        readonly content?: {
          readonly parts?: readonly { readonly functionCall?: Call | null }[] | null;
        } | null;
      }[]
    | null;
}

interface Call {
  readonly name?: string | null;
  readonly partialArgs?: readonly PartialArg[] | null;
  readonly willContinue?: boolean | null;
}

/** Calls as an application would put them together: a name begins one, an empty one ends it. */
function assembled(chunks: readonly Chunk[]): object[] {
  const calls: { name: string; args: Record<string, unknown>; isWhole: boolean }[] = [];
  const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  for (const { functionCall } of parts) {
    if (!functionCall) continue;
    if (functionCall.name) calls.push({ name: functionCall.name, args: {}, isWhole: false });
    const call = calls.at(-1);
    if (call === undefined) continue;
    for (const { jsonPath, stringValue, numberValue } of functionCall.partialArgs ?? []) {
      const path = jsonPath ?? '';
      const before = call.args[path];
      call.args[path] =
        before === undefined ? stringValue || numberValue : `${before}${stringValue}`;
    }
    if (!functionCall.willContinue) call.isWhole = true;
  }
  return calls;
}

const weather = {
  name: 'weather',
  args: { '$.city': /^.{6}$/, '$.days': 3, '$.units[0]': 'metric' },
  isWhole: true,
};

test('@google/genai puts together the calls of a stream', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const { contents, tools, toolConfig } = request;
  const stream = await genai(mocks).models.generateContentStream({
    model: 'gemini-2.5-flash',
    contents,
    config: { tools, toolConfig } as never,
  });
  t.match(assembled(await all(stream as AsyncIterable<Chunk>)), [weather, weather]);
});

test('@google-cloud/aiplatform puts together the calls of a stream', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  const client = new v1.PredictionServiceClient(grpcOptions(mocks));
  t.teardown(async () => {
    await client.close();
    await mocks.close();
  });
  const stream = client.streamGenerateContent({ model: geminiName, ...request } as never);
  t.match(assembled(await all(stream as AsyncIterable<Chunk>)), [weather, weather]);
});

for (const bytes of [1, 4, 24, 1000]) {
  test(`the count of messages is known before, with pieces of ${bytes} bytes`, async (t) => {
    const path = `/v1/${geminiName}:streamGenerateContent?alt=sse`;
    const call = restRequest({ path, body: request });
    const words = { chunks: 2, bytes, tool: 2 };
    const frames = framesOf(call, words).filter(({ label }) => label !== 'framing');
    t.equal(frames.length, answerOf(call, words).totalEvents);
  });
}

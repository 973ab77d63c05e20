// Gemini answers on every wire: exact bytes, exact numbers of events, and what is refused.

import { test } from 'tap';
import { isEvent } from '../../../injectors/stream.ts';
import type { ApiRequest } from '../../../mocks/provider.ts';
import { vertexType } from '../../../mocks/vertex/protos.ts';
import { vertex } from '../../../mocks/vertex/provider.ts';
import {
  answerOf,
  bytesOf,
  encodeAll,
  framesOf,
  geminiName,
  grpcRequest,
  restRequest,
  userContents,
} from '../../fixtures/vertex-api.ts';

const body = { contents: userContents('hello') };
const unary = restRequest({ path: `/v1/${geminiName}:generateContent`, body });
const array = restRequest({ path: `/v1/${geminiName}:streamGenerateContent`, body });
const sse = restRequest({ path: `/v1/${geminiName}:streamGenerateContent?alt=sse`, body });
const requestType = vertexType('v1', 'GenerateContentRequest');
const requestBytes = requestType.encode(requestType.fromObject({ ...body, model: geminiName }));
const grpc = grpcRequest('PredictionService/StreamGenerateContent', requestBytes.finish());
const responseType = vertexType('v1', 'GenerateContentResponse');

interface Chunk {
  candidates: { content: { parts: { text: string }[] }; finishReason?: string }[];
  usageMetadata: Record<string, unknown>;
  responseId: string;
  createTime: unknown;
}

/** The messages a client of each wire reads out of the frames. */
const readers: Record<string, { request: ApiRequest; read: (bytes: Buffer) => Chunk[] }> = {
  sse: {
    request: sse,
    read: (bytes) =>
      bytes
        .toString()
        .split('\r\n\r\n')
        .filter((event) => event !== '')
        .map((event) => JSON.parse(event.slice('data: '.length))),
  },
  array: { request: array, read: (bytes) => JSON.parse(bytes.toString()) },
  grpc: {
    request: grpc,
    read(bytes) {
      const chunks: Chunk[] = [];
      for (let at = 0; at < bytes.length; ) {
        const end = at + 5 + bytes.readUInt32BE(at + 1);
        const message = responseType.decode(bytes.subarray(at + 5, end));
        chunks.push(responseType.toObject(message, { enums: String, longs: Number }) as Chunk);
        at = end;
      }
      return chunks;
    },
  },
};

for (const [name, { request, read }] of Object.entries(readers)) {
  test(`a stream over ${name} has the events it declares, the last one finishing`, async (t) => {
    const answer = answerOf(request, { chunks: 3, bytes: 4 });
    const frames = framesOf(request, { chunks: 3, bytes: 4 });
    t.equal(answer.totalEvents, 4);
    t.equal(frames.filter((frame) => isEvent({ ...frame, dueMs: 0 })).length, 4);
    const chunks = read(bytesOf(frames));
    t.equal(chunks.length, 4);
    t.same(
      chunks.map((chunk) => chunk.candidates[0]?.content.parts[0]?.text.length),
      [4, 4, 4, 0],
    );
    const reasons = chunks.map((chunk) => chunk.candidates[0]?.finishReason);
    t.same(reasons, [undefined, undefined, undefined, 'STOP']);
    t.same(chunks[0]?.usageMetadata, { trafficType: 'ON_DEMAND' });
    t.match(chunks[3]?.usageMetadata, { promptTokenCount: 7, candidatesTokenCount: 3 });
    t.equal(new Set(chunks.map(({ responseId }) => responseId)).size, 1);
  });

  test(`an answer of no text over ${name} is its last message alone`, async (t) => {
    t.equal(read(bytesOf(framesOf(request, { chunks: 0 }))).length, 1);
  });

  test(`text over ${name} comes out as it went in`, async (t) => {
    const text = 'quote " slash \\ line\nbreak \u2028 nul \u0000 é 🙂 </script>';
    const frames = encodeAll(answerOf(request), [{ kind: 'text', text }]);
    t.equal(read(bytesOf(frames))[0]?.candidates[0]?.content.parts[0]?.text, text);
  });
}

test('a message frame of gRPC does not change when the next one is made', async (t) => {
  const { codec } = answerOf(grpc);
  const [first] = codec.encode({ kind: 'text', text: 'one' });
  const before = Buffer.from(first?.bytes ?? []).toString('hex');
  codec.encode({ kind: 'text', text: 'two' });
  t.equal(Buffer.from(first?.bytes ?? []).toString('hex'), before);
});

test('an SSE event is one line with a space after colons and none after commas', async (t) => {
  const [frame] = framesOf(sse, { chunks: 1, bytes: 2 });
  const text = Buffer.from(frame?.bytes ?? []).toString();
  const parts = [
    '^data: \\{"candidates": \\[\\{"content": \\{"role": "model",',
    '"parts": \\[\\{"text": ".."\\}\\]\\}\\}\\],',
    '"usageMetadata": \\{"trafficType": "ON_DEMAND"\\},"modelVersion": "gemini-2.5-flash",',
    '"createTime": "[-\\dT:]{19}\\.\\d{6}Z","responseId": "[-\\w]{22}"\\}\\r\\n\\r\\n$',
  ];
  t.match(text, new RegExp(parts.join('')));
});

test('usage and stop make the last message in either order, or one of them alone', async (t) => {
  const usage = { kind: 'usage', inputTokens: 1, outputTokens: 2 } as const;
  const stop = { kind: 'stop', reason: 'max-tokens' } as const;
  for (const events of [[stop, usage], [usage, stop], [stop], [usage]]) {
    const frames = encodeAll(answerOf(array), events);
    const chunks = JSON.parse(bytesOf(frames).toString());
    t.equal(chunks.length, 1);
    const hasStop = events.some(({ kind }) => kind === 'stop');
    t.equal(chunks[0].candidates[0].finishReason, hasStop ? 'MAX_TOKENS' : undefined);
    const hasUsage = events.some(({ kind }) => kind === 'usage');
    t.equal(chunks[0].usageMetadata.totalTokenCount, hasUsage ? 3 : undefined);
  }
});

test('a unary answer is one pretty body with all the text and a final line feed', async (t) => {
  const frames = framesOf(unary, { chunks: 3, bytes: 4 });
  t.same(
    frames.map(({ label }) => label),
    ['body'],
  );
  const text = bytesOf(frames).toString();
  const parsed = JSON.parse(text);
  t.equal(text, `${JSON.stringify(parsed, null, 2)}\n`);
  t.equal(parsed.candidates[0].content.parts[0].text.length, 12);
});

test('enums are numbers when asked for and names when not', async (t) => {
  const path = `${unary.rawPath}?%24alt=json%3Benum-encoding=int`;
  const [asked] = framesOf(restRequest({ path, body }));
  const [plain] = framesOf(unary);
  const reason = (bytes: Uint8Array = Buffer.alloc(0)) =>
    JSON.parse(Buffer.from(bytes).toString()).candidates[0].finishReason;
  t.equal(reason(asked?.bytes), 1);
  t.equal(reason(plain?.bytes), 'STOP');
});

test('an error is a bare object in SSE, an element in an array, nothing in gRPC', async (t) => {
  const error = { code: 503, status: 'UNAVAILABLE', message: 'busy' };
  const spell = (request: ApiRequest) => {
    const { codec } = answerOf(request);
    const before = codec.encode({ kind: 'text', text: 'x' });
    const frames = codec.exception('unavailable', 'busy', 1);
    return { alone: bytesOf(frames).toString(), whole: bytesOf([...before, ...frames]).toString() };
  };
  t.match(JSON.parse(spell(sse).alone), { error });
  t.ok(spell(sse).alone.startsWith('{\n  "error": {\n'), 'pretty, without a data field');
  t.match(JSON.parse(spell(array).whole)[1], { error });
  t.equal(spell(grpc).alone, '');
});

const refusals = [
  { name: 'no contents', body: {}, text: /at least one contents field is required/ },
  { name: 'empty contents', body: { contents: [] }, text: /at least one contents/ },
  { name: 'no role', body: { contents: [{ parts: [{ text: 'a' }] }] }, text: /valid role/ },
  { name: 'an unknown role', body: { contents: [{ role: 'x', parts: [{}] }] }, text: /valid role/ },
  {
    name: 'no parts',
    body: { contents: [{ role: 'user', parts: [] }] },
    text: /at least one parts/,
  },
  { name: 'empty text', body: { contents: userContents('') }, text: /empty text parameter/ },
  {
    name: 'too many tokens',
    body: { ...body, generationConfig: { maxOutputTokens: 65_537 } },
    text: /from 1 \(inclusive\) to 65537 \(exclusive\)/,
  },
  { name: 'broken JSON', body: '{"contents": [', text: /Invalid JSON payload received/ },
  { name: 'JSON that is no object', body: '[]', text: /Root element must be a message/ },
];

for (const { name, body: sent, text } of refusals) {
  test(`a request with ${name} is refused as the service does`, async (t) => {
    const request = restRequest({ path: `/v1/${geminiName}:generateContent`, body: sent });
    t.throws(() => vertex.route(request)?.read(), { code: 'INVALID_ARGUMENT', message: text });
  });
}

test('a request in snake_case is read like one in camelCase', async (t) => {
  const sent = {
    contents: userContents('hello'),
    system_instruction: { parts: [{ text: 'be brief' }] },
    generation_config: { max_output_tokens: 65_536 },
  };
  const request = restRequest({ path: `/v1/${geminiName}:generateContent`, body: sent });
  const call = vertex.route(request)?.read().call;
  t.match(call, { prompt: 'be brief\nhello', maxTokens: 65_536, model: 'gemini-2.5-flash' });
});

test('models that Gemini calls cannot reach are not found', async (t) => {
  const paths = [
    'projects/p/locations/l/publishers/google/models/unheard-of',
    'projects/p/locations/l/publishers/anthropic/models/gemini-2.5-flash',
    'projects/p/locations/l/publishers/google/models/text-embedding-005',
  ];
  for (const name of paths) {
    const request = restRequest({ path: `/v1/${name}:generateContent`, body });
    const message = new RegExp(`Publisher Model \`${name}\` was not found`);
    t.throws(() => vertex.route(request)?.read(), { code: 'NOT_FOUND', message });
  }
  const endpoint = 'projects/p/locations/l/endpoints/42';
  const request = restRequest({ path: `/v1/${endpoint}:generateContent`, body });
  t.match(vertex.route(request)?.read().call, { model: '42' });
});

// The server as a whole: the seed, who decides an answer, what is refused, and its bounds.

import { type Test, test } from 'tap';
import { startMocks } from '../../mocks/server.ts';
import {
  bedrockPath,
  converseBody,
  geminiBody,
  grpcCall,
  http1Request,
  openHttp2,
  rawHttp1,
  rawHttp2,
  vertexPath,
} from '../fixtures/raw-clients.ts';
import { path, serving, streamPath, withDirective } from '../fixtures/serving-mocks.ts';

/** What differs between two runs by right: the clock. */
const timeless = (head: string) => head.replace(/^date: .*$/im, '');
const sequence = [
  [path, withDirective('chunks=3 bytes=9')],
  [streamPath, withDirective('chunks=30 fault=slow;gap=1ms;jitter=1ms')],
  [streamPath, withDirective('chunks=30 jitter=2ms gap=1ms fault=truncate;at=mid-frame:7')],
  [
    bedrockPath('invoke-with-response-stream'),
    '{"anthropic_version":"bedrock-2023-05-31","max_tokens":90,"messages":[{"role":"user","content":"[[leakbed chunks=9]]"}]}',
  ],
  [vertexPath('generateContent'), geminiBody('[[leakbed chunks=3]]')],
  [
    `${vertexPath('streamGenerateContent')}?alt=sse`,
    geminiBody('[[leakbed chunks=20 fault=slow;gap=1ms;jitter=1ms]]'),
  ],
  [vertexPath('streamGenerateContent'), geminiBody('[[leakbed chunks=20 fault=exception;at=3]]')],
] as const;

async function bytesOfRun(t: Test, seed: number): Promise<string[]> {
  const { mocks } = await serving(t, { seed });
  const answers: string[] = [];
  for (const [at, body] of sequence) {
    const [answer] = await rawHttp1(mocks, http1Request(at, body));
    // Gemini messages carry their time of creation, which is the clock's too.
    const text = answer?.body.toString('latin1') ?? '';
    answers.push(timeless(answer?.head ?? '') + text.replace(/"createTime": ?"[^"]*"/g, ''));
  }
  return answers;
}

test('the same seed and requests give the same bytes, jitter and faults included', async (t) => {
  const first = await bytesOfRun(t, 7);
  t.same(await bytesOfRun(t, 7), first);
  t.equal(first.length, sequence.length);
  const other = await bytesOfRun(t, 8);
  first.forEach((bytes, index) => {
    t.not(other[index], bytes, `another seed, request ${index}`);
  });
});

test('the nearest to the request decides: prompt, header, plan, defaults', async (t) => {
  const { mocks, ask } = await serving(t);
  const length = async (body: string, headers: string[] = []) => {
    const { text } = await ask(body, headers);
    return JSON.parse(text).output.message.content[0].text.length;
  };
  const header = ['x-leakbed: chunks=2 bytes=30'];
  t.equal(await length(converseBody('')), 960);
  t.equal(await length(converseBody(''), header), 60);
  t.equal(await length(withDirective('chunks=3'), header), 90, 'word by word');

  mocks.plan.set({ faults: [{ fault: 'error', options: { name: 'throttling' } }] });
  t.equal((await ask(converseBody(''))).status, 429);
  t.equal((await ask(converseBody(''), ['x-leakbed: fault=error;name=internal'])).status, 500);
  const nearest = withDirective('fault=noop');
  t.equal((await ask(nearest, ['x-leakbed: fault=error;name=internal'])).status, 200);
});

test('a header given twice is one list of words', async (t) => {
  const { ask } = await serving(t);
  const { text } = await ask(converseBody(''), ['x-leakbed: chunks=2', 'X-Leakbed: bytes=5']);
  t.equal(JSON.parse(text).output.message.content[0].text.length, 10);
});

test('every problem of a directive is told as a validation error of the provider', async (t) => {
  const { mocks, ask } = await serving(t);
  const bad = 'chunks=x nope=1 fault=truncat fault=abort fault=stall;at=q;for=1h';
  const { status, text, answer } = await ask(withDirective(bad));
  t.equal(status, 400);
  t.match(answer.head, /^x-amzn-errortype: ValidationException/im);
  for (const problem of [/"nope"/, /chunks=x/, /"truncat"/, /"abort"/, /at=q/, /for=1h/]) {
    t.match(JSON.parse(text).message, problem);
  }
  for (const unclosed of [
    '[[leakbed chunks=1',
    '[[leakbed chunks=1] ',
    '[[leakbed a [[leakbed b]]',
  ]) {
    t.match((await ask(converseBody(unclosed))).text, /is not closed/);
  }
  const vertex = await ask(geminiBody(`[[leakbed ${bad}]]`), [], vertexPath('generateContent'));
  t.match(JSON.parse(vertex.text), { error: { code: 400, status: 'INVALID_ARGUMENT' } });
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  const grpc = await rawHttp2(session, grpcCall(`[[leakbed ${bad}]]`));
  t.equal(grpc.headers['grpc-status'], '3');
});

test('an error answer says which fault it was, and leaves its connection usable', async (t) => {
  const { mocks } = await serving(t);
  const failing = http1Request(path, withDirective('fault=error;name=unavailable'));
  const socketUses = [failing, http1Request(path, withDirective('chunks=1')), failing];
  const answers = await rawHttp1(mocks, socketUses.join(''), { count: 3 });
  t.same(
    answers.map(({ status, end }) => [status, end]),
    [
      [503, 'whole'],
      [200, 'whole'],
      [503, 'whole'],
    ],
  );
  t.match(answers[0]?.head, /^x-leakbed-fault: error$/im);
  t.same(
    mocks.journal.since(0).map(({ connection, exchange }) => [connection, exchange]),
    [
      [0, 0],
      [0, 1],
      [0, 2],
    ],
  );
});

test('an answer that is not streamed has a bound; a stream has none', async (t) => {
  const { mocks, ask } = await serving(t);
  t.match((await ask(withDirective('total=1024MiB bytes=1MiB'))).text, /Ask for a stream/);
  t.match((await ask(withDirective('chunks=1000001 bytes=1'))).text, /Ask for a stream/);
  const endless = http1Request(streamPath, withDirective('total=1024GiB bytes=64KiB'));
  const [answer] = await rawHttp1(mocks, endless, { isDone: ({ body }) => body.length > 1e6 });
  t.equal(answer?.status, 200);
});

test('off loopback a token is needed, and an empty one is none', async (t) => {
  for (const token of [undefined, '']) {
    await t.rejects(startMocks({ port: 0, host: '0.0.0.0', ...(token === '' && { token }) }), {
      message: /needs a token/,
    });
  }
});

// The server as a whole: one port, the seed, who decides an answer, and clients that misbehave.

import { once } from 'node:events';
import { type Test, test } from 'tap';
import { type MocksOptions, startMocks } from '../../mocks/server.ts';
import {
  bedrockPath,
  converseBody,
  countEventStream,
  geminiBody,
  grpcCall,
  http1Request,
  openHttp2,
  openSocket,
  rawHttp1,
  rawHttp2,
  vertexPath,
} from '../fixtures/raw-clients.ts';

const path = bedrockPath('converse');
const streamPath = bedrockPath('converse-stream');
const withDirective = (words: string) => converseBody(`[[leakbed ${words}]]`);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function serving(t: Test, options: MocksOptions = {}) {
  const mocks = await startMocks({ port: 0, seed: 1, ...options });
  t.teardown(() => mocks.close());
  const ask = async (body: string, headers: string[] = [], at = path) => {
    const [answer] = await rawHttp1(mocks, http1Request(at, body, headers));
    if (answer === undefined) throw new Error('No answer came.');
    return { status: answer.status, text: answer.body.toString(), answer };
  };
  return { mocks, ask };
}

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

test('pipelined requests are answered in order, and a cut waits for its turn', async (t) => {
  const { mocks } = await serving(t);
  const requests = [
    http1Request(streamPath, withDirective('chunks=8 gap=3ms')),
    http1Request(path, withDirective('chunks=1')),
    http1Request(streamPath, withDirective('chunks=9 fault=truncate;at=2;end=cut')),
  ];
  const answers = await rawHttp1(mocks, requests.join(''), { count: 4 });
  t.same(
    answers.map(({ status, end }) => [status, end]),
    [
      [200, 'whole'],
      [200, 'whole'],
      [200, 'fin'],
    ],
  );
  t.equal(countEventStream(answers[2]?.body ?? Buffer.alloc(0)).events, 2);
});

test('a body that is not streamed declares what it should be, and a cut shows', async (t) => {
  const { ask } = await serving(t);
  const whole = await ask(withDirective('chunks=9'));
  const clean = await ask(withDirective('chunks=9 fault=truncate;at=50%'));
  const cut = await ask(withDirective('chunks=9 fault=truncate;at=50%;end=cut'));
  const length = (head: string) => Number(/content-length: (\d+)/i.exec(head)?.[1]);
  t.equal(clean.answer.end, 'whole');
  t.equal(length(clean.answer.head), clean.text.length);
  t.ok(Math.abs(clean.text.length - whole.text.length / 2) < 20);
  t.equal(cut.answer.end, 'fin');
  t.equal(length(cut.answer.head) - cut.text.length, Math.ceil(length(cut.answer.head) / 2));
});

test('GET and HEAD are answered, and their connection goes on', async (t) => {
  const { mocks } = await serving(t);
  const socket = await openSocket(mocks);
  t.teardown(() => socket.destroy());
  const requests = [
    http1Request(path, '', [], 'HEAD'),
    http1Request(path, '', [], 'GET'),
    http1Request('/nowhere', '', [], 'GET'),
  ];
  socket.write(requests.join(''));
  let seen = '';
  while (seen.split('HTTP/1.1 404').length < 4 || !seen.endsWith('}')) {
    const [bytes] = await once(socket, 'data');
    seen += String(bytes);
  }
  t.equal(seen.split('HTTP/1.1 404').length, 4);
});

test('a body above the limit gets 413 in the shape of the provider', async (t) => {
  const { mocks } = await serving(t);
  const body = Buffer.alloc(31_000_000, 97);
  for (const [at, shape] of [
    [path, { message: /too large/ }],
    [vertexPath('generateContent'), { error: { message: /too large/ } }],
  ] as const) {
    const answer = await fetch(`${mocks.url}${at}`, { method: 'POST', body });
    t.equal(answer.status, 413);
    t.match(await answer.json(), shape);
  }
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  const refused = await rawHttp2(session, { path, body });
  t.equal(refused.status, 413);
  t.equal((await rawHttp2(session, { path, body: withDirective('chunks=1') })).status, 200);
});

test('a path that is no valid URL, or very long, is judged by its provider', async (t) => {
  const { ask } = await serving(t);
  for (const model of ['%ZZ', '%', 'a'.repeat(9000), '%2e%2e%2f']) {
    const { status, answer } = await ask(withDirective('chunks=1'), [], `/model/${model}/converse`);
    t.equal(status, 400, model.slice(0, 9));
    t.match(answer.head, /^x-amzn-errortype: ValidationException/im);
  }
});

test('Expect: 100-continue is answered on both protocols', async (t) => {
  const { mocks } = await serving(t);
  const body = withDirective('chunks=1');
  const expecting = http1Request(path, body, ['expect: 100-continue']);
  const [interim, final] = await rawHttp1(mocks, expecting, { count: 2 });
  t.same([interim?.status, final?.status], [100, 200]);
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/json',
    expect: '100-continue',
  });
  await once(stream, 'continue');
  stream.end(body);
  const [headers] = await once(stream, 'response');
  t.equal(headers[':status'], 200);
  stream.resume();
});

test('requests that come byte by byte, and garbage, do no harm', async (t) => {
  const { mocks, ask } = await serving(t);
  const socket = await openSocket(mocks);
  t.teardown(() => socket.destroy());
  for (const byte of http1Request(path, withDirective('chunks=1'))) {
    socket.write(byte);
    await turn();
  }
  t.match(String((await once(socket, 'data'))[0]), /^HTTP\/1.1 200/);
  for (const garbage of [
    '\x16\x03\x01\x02\x00',
    'PRX\r\n\r\n',
    '\0\0\0\0',
    'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n',
  ]) {
    const bad = await openSocket(mocks);
    const closed = once(bad, 'close');
    bad.resume();
    bad.write(Buffer.from(`${garbage}${'x'.repeat(40)}\r\n\r\n`, 'latin1'));
    await closed;
  }
  t.equal((await ask(withDirective('chunks=1'))).status, 200);
});

test('a client may abort thousands of streams on one HTTP/2 connection', async (t) => {
  const { mocks } = await serving(t);
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  let goawayCount = 0;
  session.on('goaway', () => goawayCount++);
  const body = withDirective('chunks=9 gap=1s');
  const isDone = () => true;
  for (let round = 0; round < 25; round++) {
    const calls = Array.from({ length: 100 }, () =>
      rawHttp2(session, { path: streamPath, body, isDone }),
    );
    await Promise.all(calls);
  }
  t.equal(goawayCount, 0);
  while (mocks.journal.inFlight().length > 0) await turn();
  t.equal(mocks.waitingStreams, 0);
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

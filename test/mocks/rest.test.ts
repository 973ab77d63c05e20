// REST requests as clients send them: pipelined, too large, malformed, byte by byte, abandoned.

import { once } from 'node:events';
import { test } from 'tap';
import {
  countEventStream,
  http1Request,
  openHttp2,
  openSocket,
  rawHttp1,
  rawHttp2,
  vertexPath,
} from '../fixtures/raw-clients.ts';
import { path, serving, streamPath, withDirective } from '../fixtures/serving-mocks.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

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

test('a gRPC method is answered to no other content type, and a path of nobody is not found', async (t) => {
  const { mocks } = await serving(t);
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  const statusOf = async (of: string) => (await rawHttp2(session, { path: of, body: '{}' })).status;
  const method = '/google.cloud.aiplatform.v1.PredictionService/GenerateContent';
  t.equal(await statusOf(method), 415);
  t.equal(await statusOf('/google.cloud.nobody.v1.Service/Method'), 404);
});

// Faults of the response and of gRPC on the wire, as clients without an SDK see them: once on each
// transport.

import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import { messageType } from '../../../mocks/vertex/protos.ts';
import {
  bedrockPath,
  converseBody,
  countEventStream,
  countGrpc,
  geminiBody,
  grpcCall,
  http1Request,
  openHttp2,
  rawHttp1,
  rawHttp2,
  vertexPath,
} from '../../fixtures/raw-clients.ts';

const mocks = await startMocks({ port: 0, seed: 1 });
const path = bedrockPath('converse-stream');
const prompt = (fault: string) => `[[leakbed chunks=6 fault=${fault}]]`;

async function overHttp1(fault: string) {
  const [answer] = await rawHttp1(mocks, http1Request(path, converseBody(prompt(fault))));
  if (answer === undefined) throw new Error('There was no answer.');
  return answer;
}

async function overHttp2(fault: string) {
  const session = await openHttp2(mocks);
  try {
    return await rawHttp2(session, { path, body: converseBody(prompt(fault)) });
  } finally {
    session.destroy();
  }
}

async function overGrpc(fault: string) {
  const session = await openHttp2(mocks);
  try {
    return await rawHttp2(session, grpcCall(prompt(fault)));
  } finally {
    session.destroy();
  }
}

const hasEnded = { hasEnded: true, error: undefined, code: 0 };

test('HTML from a load balancer is plain HTTP on every transport', async (t) => {
  const http1 = await overHttp1('html-error;code=503');
  t.match(http1, { status: 503, head: /content-type: text\/html/i, end: 'whole' });
  for (const answer of [
    await overHttp2('html-error;code=503'),
    await overGrpc('html-error;code=503'),
  ]) {
    t.match(answer, { ...hasEnded, status: 503, headers: { 'content-type': 'text/html' } });
    t.same(answer.trailers, {});
    t.same(answer.body, http1.body);
  }
});

test('a redirect has a place and no body', async (t) => {
  t.match(await overHttp1('redirect;to=/there'), { status: 307, head: /location: \/there/i });
  for (const answer of [
    await overHttp2('redirect;to=/there'),
    await overGrpc('redirect;to=/there'),
  ]) {
    t.match(answer, { ...hasEnded, status: 307, headers: { location: '/there' } });
    t.equal(answer.body.length, 0);
  }
});

test('a status that no error has goes out with the words of one, and when to try again', async (t) => {
  const words = 'status;code=529;retry-after=3s';
  const { status, head, body } = await overHttp1(words);
  t.equal(status, 529);
  t.match(head, /retry-after: 3\r/i);
  t.match(JSON.parse(body.toString()), { message: /unexpected error/ });
  t.match(await overHttp2(words), { status: 529, headers: { 'retry-after': '3' } });
});

test('Google says in its details when to try again, over REST and gRPC', async (t) => {
  const words = prompt('status;code=429;retry-after=1500ms');
  const request = http1Request(vertexPath('generateContent'), geminiBody(words));
  const [rest] = await rawHttp1(mocks, request);
  const [detail] = JSON.parse(String(rest?.body)).error.details;
  t.match(detail, { '@type': /RetryInfo$/, retryDelay: '1.5s' });
  const { headers } = await overGrpc('status;code=429;retry-after=1500ms');
  t.equal(headers['grpc-status'], '8');
  t.same(detailNames(headers), ['RetryInfo']);
});

test('a status of gRPC has the details that were asked for, alone or after messages', async (t) => {
  const alone = await overGrpc('grpc-status;code=8;details=all');
  t.match(alone, { ...hasEnded, headers: { 'grpc-status': '8' } });
  t.same(detailNames(alone.headers), ['ErrorInfo', 'RetryInfo', 'QuotaFailure']);
  const later = await overGrpc('grpc-status;at=2;code=13;message=broken;details=none');
  t.match(later, { ...hasEnded, trailers: { 'grpc-status': '13', 'grpc-message': 'broken' } });
  t.equal(countGrpc(later.body).events, 2);
  t.same(detailNames(later.trailers), []);
  const odd = await overGrpc('grpc-status;at=2;code=abc');
  t.equal(odd.trailers['grpc-status'], 'abc');
});

/** Names of the google.rpc messages in `grpc-status-details-bin`. */
function detailNames(headers: Readonly<Record<string, unknown>>): string[] {
  const encoded = headers['grpc-status-details-bin'];
  if (typeof encoded !== 'string') return [];
  const status = messageType('google.rpc.Status').decode(Buffer.from(encoded, 'base64'));
  const { details } = status.toJSON() as { details: { '@type'?: string; type_url?: string }[] };
  return details.map(
    (one) =>
      String(one['@type'] ?? one.type_url)
        .split('.')
        .at(-1) ?? '',
  );
}

test('without trailers the stream ends all the same', async (t) => {
  const { body, trailers, ...rest } = await overGrpc('no-trailers');
  t.match(rest, hasEnded);
  t.same([countGrpc(body).events, trailers], [7, {}]);
});

test('half a message, and half its prefix, come before status 0', async (t) => {
  const whole = await overGrpc('half-message;at=2');
  t.equal(whole.trailers['grpc-status'], '0');
  const { events, rest } = countGrpc(whole.body);
  t.ok(events === 2 && rest > 5, `${events} messages and ${rest} bytes`);
  const prefix = await overGrpc('half-message;at=2;part=prefix');
  t.same(countGrpc(prefix.body), { events: 2, rest: 2 });
});

test('a flag and a length are false in one message only', async (t) => {
  const plain = (await overGrpc('noop')).body;
  const second = 5 + plain.readUInt32BE(1);
  const flagged = (await overGrpc('compressed-flag;at=2')).body;
  t.same([flagged[0], flagged[second]], [0, 1]);
  const lying = (await overGrpc('bad-length-prefix;at=2')).body;
  t.equal(lying.readUInt32BE(second + 1), 0xffff_ffff);
  t.same([flagged.length, lying.length], [plain.length, plain.length]);
});

test('another content type is declared on every transport', async (t) => {
  const words = 'wrong-content-type;type=text/html';
  t.match((await overHttp1(words)).head, /content-type: text\/html/i);
  t.equal((await overHttp2(words)).headers['content-type'], 'text/html');
  const grpc = await overGrpc(words);
  t.equal(grpc.headers['content-type'], 'text/html');
  t.equal(grpc.trailers['grpc-status'], '0');
});

test('a bomb inflates to the size asked for, over gRPC inside one message', async (t) => {
  const words = 'gzip-bomb;size=3MiB';
  const http1 = await overHttp1(words);
  t.match(http1.head, /content-encoding: gzip/i);
  const grpc = await overGrpc(words);
  t.match(grpc, { headers: { 'grpc-encoding': 'gzip' }, trailers: { 'grpc-status': '0' } });
  t.same(countGrpc(grpc.body), { events: 1, rest: 0 });
  for (const bytes of [http1.body, grpc.body.subarray(5)]) {
    t.equal(gunzipSync(bytes).length, 3 * 1024 ** 2);
  }
});

test('an empty body is a whole answer', async (t) => {
  t.match(await overHttp1('empty-body'), { status: 200, end: 'whole', body: { length: 0 } });
  const grpc = await overGrpc('empty-body');
  t.match(grpc, { ...hasEnded, status: 200, trailers: { 'grpc-status': '0' } });
  t.equal(grpc.body.length, 0);
});

test('a closing connection says so, and ends', async (t) => {
  const [answer] = await rawHttp1(
    mocks,
    http1Request(path, converseBody(prompt('connection-close'))),
  );
  t.match(answer?.head, /connection: close/i);
  const session = await openHttp2(mocks);
  const goaway = once(session, 'goaway');
  const { body } = await rawHttp2(session, {
    path,
    body: converseBody(prompt('connection-close')),
  });
  t.equal(countEventStream(body).events, 10);
  t.equal((await goaway)[0], 0);
  session.destroy();
});

for (const frame of ['settings', 'ping']) {
  test(`a client that can take so many ${frame} has its whole answer`, async (t) => {
    const session = await openHttp2(mocks);
    let seen = 0;
    session.on(frame === 'ping' ? 'ping' : 'remoteSettings', () => {
      seen += 1;
    });
    const words = `${frame}-flood;at=2;count=100`;
    const { body, code } = await rawHttp2(session, { path, body: converseBody(prompt(words)) });
    // What comes after the flood comes before the answer's end, and here is a piece of it.
    t.same([countEventStream(body).events, code], [2, 0]);
    t.ok(seen >= 100, `${seen} frames`);
    const next = await rawHttp2(session, { path, body: converseBody(prompt('noop')) });
    t.equal(countEventStream(next.body).events, 10, 'and the connection goes on');
    session.destroy();
  });
}

test('a window of 0 lets the answer come and later bodies wait', async (t) => {
  const session = await openHttp2(mocks);
  const answer = await rawHttp2(session, { path, body: converseBody(prompt('zero-window')) });
  t.equal(countEventStream(answer.body).events, 10);
  t.equal(session.remoteSettings.initialWindowSize, 0);
  const before = mocks.journal.lastSequence;
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/json',
  });
  stream.on('error', () => undefined);
  stream.end(converseBody(prompt('noop')));
  // The server answers a ping that was sent after the body would have been.
  await new Promise<void>((done) => session.ping(() => done()));
  t.equal(mocks.journal.lastSequence, before, 'the request has not come');
  session.destroy();
});

test('fewer streams and smaller headers are told behind a whole answer', async (t) => {
  for (const [fault, setting, value] of [
    ['zero-streams', 'maxConcurrentStreams', 0],
    ['small-header-list', 'maxHeaderListSize', 100],
  ] as const) {
    const session = await openHttp2(mocks);
    const answer = await rawHttp2(session, { path, body: converseBody(prompt(fault)) });
    t.equal(countEventStream(answer.body).events, 10);
    t.equal(session.remoteSettings[setting], value);
    session.destroy();
  }
});

test('what cannot be on a transport leaves the answer alone, and the journal says why', async (t) => {
  const { body, end } = await overHttp1('half-message');
  t.same([countEventStream(body).events, end], [10, 'whole']);
  const [entry] = mocks.journal.since(mocks.journal.lastSequence - 1);
  t.match(entry?.injected, [/^half-message: does not apply because .* not gRPC$/]);
});

test('close', () => mocks.close());

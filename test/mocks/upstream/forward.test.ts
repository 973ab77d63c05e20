// Proxy mode on the wire: what goes through untouched, what is never asked, and who is told when
// one side leaves.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { type Test, test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { geminiStream } from '../../fixtures/grpc-call.ts';
import {
  rawHttp1 as ask,
  bedrockPath,
  converseBody,
  geminiBody,
  grpcBody,
  http1Request,
  vertexPath,
} from '../../fixtures/raw-clients.ts';
import { serving } from '../../fixtures/serving-mocks.ts';

const streamPath = bedrockPath('converse-stream');
const patienceMs = 5_000;

test('without a fault bytes and headers are the upstream’s', async (t) => {
  const { mocks: direct } = await serving(t);
  const { proxy } = await chain(t);
  const asked: readonly (readonly [path: string, body: string])[] = [
    [streamPath, converseBody('')],
    [bedrockPath('converse'), converseBody('')],
    [vertexPath('streamGenerateContent'), geminiBody('')],
    [`${vertexPath('streamGenerateContent')}?alt=sse`, geminiBody('')],
    ['/model/none/converse', '{'],
  ];
  for (const [path, body] of asked) {
    // The nth request of a seed has the same answer from either.
    const [expected] = await ask(direct, http1Request(path, body));
    const [through] = await ask(proxy, http1Request(path, body));
    t.equal(through?.status, expected?.status);
    t.equal(through?.end, 'whole');
    t.equal(timeless(through?.body), timeless(expected?.body));
    t.same(headersOf(through?.head), headersOf(expected?.head));
  }
});

test('the journal knows provider, operation, model and events of what went through', async (t) => {
  const { proxy } = await chain(t);
  await ask(proxy, http1Request(streamPath, converseBody('')));
  t.match(proxy.journal.since(0), [
    { provider: 'bedrock', operation: 'ConverseStream', model: /claude/, events: 44 },
  ]);
});

test('a prompt, a header and the plan each bring their fault', async (t) => {
  const { proxy } = await chain(t);
  const words = 'fault=truncate;at=2';
  const inPrompt = http1Request(streamPath, converseBody(`[[leakbed ${words}]]`));
  const inHeader = http1Request(streamPath, converseBody(''), [`x-leakbed: ${words}`]);
  for (const request of [inPrompt, inHeader]) await ask(proxy, request);
  t.same(proxy.plan.set({ faults: [{ fault: 'truncate', options: { at: 2 } }] }), []);
  await ask(proxy, http1Request(streamPath, converseBody('')));
  t.same(
    proxy.journal.since(0).map(({ events, faults }) => [events, ...faults]),
    Array.from({ length: 3 }, () => [2, 'truncate']),
  );
});

test('faults that cannot act on foreign bytes say so', async (t) => {
  const { proxy } = await chain(t);
  for (const words of ['no-usage', 'truncate;at=50%']) {
    await ask(proxy, http1Request(streamPath, converseBody(''), [`x-leakbed: fault=${words}`]));
  }
  const [script, share] = proxy.journal.since(0);
  t.match(script?.injected, ['no-usage: did not act because an upstream']);
  t.match(share?.injected, [/truncate: did not act because .* a share is unknown/]);
  t.equal(share?.events, 44);
});

test('a client that leaves ends the request to the upstream at once', async (t) => {
  const { upstream, proxy } = await chain(t);
  const endless = converseBody('[[leakbed chunks=100000 gap=5ms]]');
  const socket = connect(proxy.port, proxy.host);
  socket.write(http1Request(streamPath, endless));
  await once(socket, 'data');
  t.equal(upstream.journal.inFlight().length, 1);
  socket.destroy();
  t.ok(await eventually(() => upstream.journal.inFlight().length === 0));
  t.match(upstream.journal.since(0), [{ ending: 'gone' }]);
  t.equal(proxy.waitingStreams, 0);
});

test('a fault that ends the answer ends the request to the upstream too', async (t) => {
  const { upstream, proxy } = await chain(t);
  const endless = converseBody('[[leakbed chunks=100000 gap=5ms]]');
  await ask(proxy, http1Request(streamPath, endless, ['x-leakbed: fault=truncate;at=2']));
  t.ok(await eventually(() => upstream.journal.inFlight().length === 0));
});

for (const [end, kind] of [
  ['cut', 'fin'],
  ['reset', 'reset'],
] as const) {
  test(`an upstream that breaks off by ${kind} breaks the answer so`, async (t) => {
    const { upstream, proxy } = await chain(t);
    const fault = end === 'cut' ? { fault: 'truncate', options: { at: 3, end } } : { fault: end };
    t.same(upstream.plan.set({ faults: [fault] }), []);
    const [answer] = await ask(proxy, http1Request(streamPath, converseBody('')));
    t.equal(answer?.end, kind);
    t.match(proxy.journal.since(0), [{ ending: end }]);
  });
}

test('a status of gRPC and its trailers come through, and so does RST_STREAM', async (t) => {
  const { upstream, proxy } = await chain(t);
  const session = connectHttp2(proxy.url);
  t.teardown(() => session.close());
  const call = async () => {
    const { stream, closed } = geminiStream(session, '');
    stream.end(grpcBody(''));
    return await closed;
  };
  t.match(await call(), { status: '0', rstCode: 0 });
  t.same(upstream.plan.set({ faults: [{ fault: 'exception', options: { at: 2 } }] }), []);
  t.match(await call(), { status: /^[1-9]/, rstCode: 0 });
  t.same(upstream.plan.set({ faults: [{ fault: 'cancel', options: { at: 2, code: 7 } }] }), []);
  t.match(await call(), { status: undefined, rstCode: 7 });
});

test('trailers of HTTP/1.1 come through, and what belongs to one connection does not', async (t) => {
  const seen: string[] = [];
  const proxy = await before(t, (request, response) => {
    seen.push(...Object.keys(request.headers), String(request.headers.host));
    response.writeHead(200, { trailer: 'x-sum', 'keep-alive': 'timeout=9', 'x-own': '1' });
    response.write('body');
    response.addTrailers({ 'x-sum': '4' });
    response.end();
  });
  const headers = [
    'connection: keep-alive, x-hop',
    'x-hop: 1',
    'x-leakbed: fault=noop',
    'x-mine: 1',
  ];
  const socket = connect(proxy.port, proxy.host);
  t.teardown(() => socket.destroy());
  socket.setEncoding('latin1').write(http1Request('/any', '{}', headers));
  let text = '';
  for await (const chunk of socket) {
    text += chunk;
    if (/x-sum: 4\r\n\r\n$/.test(text)) break;
  }
  t.match(text, /x-own: 1/);
  t.notMatch(text, /timeout=9/);
  t.ok(seen.includes('x-mine'));
  for (const name of ['x-hop', 'x-leakbed']) t.notOk(seen.includes(name), name);
  t.notOk(seen.includes('127.0.0.1'), 'the host is the upstream’s own');
});

test('only the upstream is asked: a target’s own host is dropped, redirects go back', async (t) => {
  const asked: string[] = [];
  const proxy = await before(t, (request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(307, { location: 'http://192.0.2.1/elsewhere' }).end();
  });
  for (const target of ['http://192.0.2.1/a?b=1', '//192.0.2.1/c', '/d']) {
    const [answer] = await ask(proxy, http1Request(target, ''));
    t.equal(answer?.status, 307);
  }
  t.same(asked, ['/base/a?b=1', '/base//192.0.2.1/c', '/base/d']);
});

test('a body without a length goes through as it comes', async (t) => {
  const proxy = await before(t, (request, response) => {
    response.writeHead(200);
    request.pipe(response);
  });
  const socket = connect(proxy.port, proxy.host);
  t.teardown(() => socket.destroy());
  const head = ['POST /echo HTTP/1.1', 'host: a', 'transfer-encoding: chunked', '', ''];
  socket.write(`${head.join('\r\n')}5\r\nfirst\r\n`);
  // The answer begins before the request has ended.
  let text = '';
  for await (const chunk of socket.setEncoding('latin1')) {
    text += chunk;
    if (text.includes('first') && !text.includes('second'))
      socket.write('6\r\nsecond\r\n0\r\n\r\n');
    if (text.includes('second')) break;
  }
  t.match(text, /first[\s\S]*second/);
});

test('an upstream that is not there is the provider’s own error', async (t) => {
  const { mocks: proxy } = await serving(t, { upstream: new URL('http://127.0.0.1:1') });
  const [answer] = await ask(proxy, http1Request(streamPath, converseBody('')));
  t.equal(answer?.status, 503);
  t.match(answer?.body.toString(), /no answer from the upstream: .*ECONNREFUSED/);
});

async function chain(t: Test): Promise<{ readonly upstream: Mocks; readonly proxy: Mocks }> {
  const { mocks: upstream } = await serving(t);
  const { mocks: proxy } = await serving(t, { upstream: new URL(upstream.url) });
  return { upstream, proxy };
}

/** A proxy before a server that is not ours, with a path in front. */
async function before(t: Test, listener: RequestListener): Promise<Mocks> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const upstream = new URL(`http://127.0.0.1:${port}/base/`);
  return (await serving(t, { upstream })).mocks;
}

async function eventually(isSo: () => boolean): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < patienceMs && !isSo(); waitedMs += 10) await sleep(10);
  return isSo();
}

const timeless = (body?: Buffer) =>
  String(body?.toString('latin1')).replace(/"createTime": ?"[^"]*"/g, '');

/** In no order, and without the clock's. */
function headersOf(head = ''): readonly string[] {
  const lines = head.split('\r\n').slice(1);
  return lines.map((line) => line.toLowerCase().replace(/^date:.*/, 'date')).sort();
}

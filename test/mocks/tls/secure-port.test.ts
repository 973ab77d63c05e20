// TLS on the port that also speaks plain text: each protocol by ALPN and without, keep-alive,
// 100-continue, and what endings mean beneath TLS.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type Test, test } from 'tap';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import { type Authority, openAuthority } from '../../../mocks/tls/authority.ts';
import {
  bedrockPath,
  converseBody,
  countEventStream,
  grpcCall,
  http1Request,
  rawHttp2,
} from '../../fixtures/raw-clients.ts';

const converse = http1Request(bedrockPath('converse'), converseBody('[[leakbed chunks=2]]'));

test('plain text and TLS are served on one port at the same time', async (t) => {
  const mocks = await secureMocks(t);
  t.equal(mocks.tlsUrl, `https://127.0.0.1:${mocks.port}`);
  const plain = await exchange(await plainSocket(t, mocks), converse);
  const secure = await exchange(await secureSocket(t, mocks, ['http/1.1']), converse);
  t.match(plain, /^HTTP\/1\.1 200 /);
  t.match(secure, /^HTTP\/1\.1 200 /);
});

test('ALPN agrees on h2 first, on http/1.1, and on nothing for a stranger', async (t) => {
  const mocks = await secureMocks(t);
  t.equal((await secureSocket(t, mocks, ['http/1.1', 'h2'])).alpnProtocol, 'h2');
  t.equal((await secureSocket(t, mocks, ['http/1.1'])).alpnProtocol, 'http/1.1');
  t.equal((await secureSocket(t, mocks, [])).alpnProtocol, false);
  await t.rejects(secureSocket(t, mocks, ['spdy/3']), /no application protocol/);
});

test('without ALPN it is HTTP/1.1; HTTP/2 over TLS must be agreed on', async (t) => {
  const mocks = await secureMocks(t);
  t.match(await exchange(await secureSocket(t, mocks, []), converse), /^HTTP\/1\.1 200 /);
  const session = openSession(t, mocks, await secureSocket(t, mocks, []));
  t.equal((await rawHttp2(session, call())).status, 0);
});

test('REST and gRPC over h2 answer on one TLS connection', async (t) => {
  const mocks = await secureMocks(t);
  const session = openSession(t, mocks, await secureSocket(t, mocks, ['h2']));
  const [rest, grpc] = await Promise.all([
    rawHttp2(session, call()),
    rawHttp2(session, grpcCall('[[leakbed chunks=2]]')),
  ]);
  t.equal(rest.status, 200);
  t.equal(grpc.trailers['grpc-status'], '0');
  t.equal(new Set(mocks.journal.since(0).map(({ connection }) => connection)).size, 1);
});

test('a TLS connection is kept alive between requests', async (t) => {
  const mocks = await secureMocks(t);
  const socket = await secureSocket(t, mocks, ['http/1.1']);
  for (const _ of [1, 2, 3]) t.match(await exchange(socket, converse), /^HTTP\/1\.1 200 /);
  const places = mocks.journal.since(0).map((entry) => [entry.connection, entry.exchange]);
  t.same(places, [
    [0, 0],
    [0, 1],
    [0, 2],
  ]);
});

test('a client that waits for 100-continue gets it, over TLS and without', async (t) => {
  const mocks = await secureMocks(t);
  const body = converseBody('[[leakbed chunks=2]]');
  const head = http1Request(bedrockPath('converse'), '', ['expect: 100-continue']);
  const sized = head.replace('content-length: 0', `content-length: ${body.length}`);
  for (const open of [plainSocket, secureSocket]) {
    const socket = await open(t, mocks);
    t.equal(await exchange(socket, sized), 'HTTP/1.1 100 Continue\r\n\r\n');
    t.match(await exchange(socket, body), /^HTTP\/1\.1 200 /);
  }
});

test('a reset beneath TLS is a TCP reset, after exactly the events before it', async (t) => {
  const mocks = await secureMocks(t);
  for (let repeat = 0; repeat < 50; repeat++) {
    const at = 1 + (repeat % 9);
    const directive = `[[leakbed chunks=10 fault=reset;at=${at}]]`;
    const text = http1Request(bedrockPath('converse-stream'), converseBody(directive));
    const { bytes, error } = await untilClosed(await secureSocket(t, mocks, ['http/1.1']), text);
    t.equal(error, 'ECONNRESET');
    t.equal(chunkedEvents(bytes), at, `events before the reset at ${at}`);
  }
});

test('a cut beneath TLS is an orderly end, after exactly the events before it', async (t) => {
  const mocks = await secureMocks(t);
  const directive = '[[leakbed chunks=10 fault=truncate;at=4;end=cut]]';
  const text = http1Request(bedrockPath('converse-stream'), converseBody(directive));
  const { bytes, error } = await untilClosed(await secureSocket(t, mocks, ['http/1.1']), text);
  t.equal(error, undefined);
  t.equal(chunkedEvents(bytes), 4);
});

test('a reset under h2 over TLS ends the session', async (t) => {
  const mocks = await secureMocks(t);
  const socket = await secureSocket(t, mocks, ['h2']);
  const session = openSession(t, mocks, socket);
  const directive = '[[leakbed chunks=10 fault=reset;at=3]]';
  const path = bedrockPath('converse-stream');
  const answer = await rawHttp2(session, { path, body: converseBody(directive) });
  t.equal(countEventStream(answer.body).events, 3);
  t.ok(socket.destroyed);
});

test('a handshake that trickles in is understood, one that is garbage is closed', async (t) => {
  const mocks = await secureMocks(t);
  const raw = connectTcp(mocks.port, mocks.host);
  const relay = connectTls({ socket: trickling(raw), ca: mocks.ca, servername: 'localhost' });
  await once(relay, 'secureConnect');
  t.ok(relay.authorized);
  relay.destroy();
  const garbage = await untilClosed(await plainSocket(t, mocks), '\x16\x03\x01\x00\x05hello');
  t.notMatch(garbage.bytes.toString('latin1'), 'HTTP');
  t.match(await exchange(await plainSocket(t, mocks), converse), /^HTTP\/1\.1 200 /);
});

test('without an authority a handshake is closed, and plain text goes on', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 2 });
  t.teardown(() => mocks.close());
  t.equal(mocks.tlsUrl, undefined);
  await t.rejects(secureSocket(t, { ...mocks, ca: '' }), { code: 'ECONNRESET' });
  t.match(await exchange(await plainSocket(t, mocks), converse), /^HTTP\/1\.1 200 /);
});

test('closing the mocks closes TLS connections', async (t) => {
  const mocks = await secureMocks(t);
  const socket = await secureSocket(t, mocks, ['http/1.1']);
  await exchange(socket, converse);
  const closed = once(socket, 'close');
  await mocks.close();
  await closed;
  t.ok(socket.destroyed);
});

type Address = Pick<Mocks, 'host' | 'port'>;
type SecureMocks = Mocks & { readonly ca: string };

async function secureMocks(t: Test): Promise<SecureMocks> {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-tls-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const authority: Authority = await openAuthority({ folder, now: new Date() });
  const mocks = await startMocks({ port: 0, seed: 2, authority });
  t.teardown(() => mocks.close());
  return Object.defineProperty(mocks, 'ca', { value: authority.caPem }) as SecureMocks;
}

const call = () => ({
  path: bedrockPath('converse'),
  body: converseBody('[[leakbed chunks=2]]'),
});

async function plainSocket(t: Test, { host, port }: Address): Promise<Socket> {
  const socket = connectTcp(port, host);
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function secureSocket(
  t: Test,
  { host, port, ca }: Address & { readonly ca: string },
  ALPNProtocols: string[] = [],
): Promise<TLSSocket> {
  const socket = connectTls({ host, port, ca, ALPNProtocols });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

function openSession(t: Test, { host, port }: Address, socket: TLSSocket): ClientHttp2Session {
  const session = connectHttp2(`https://${host}:${port}`, { createConnection: () => socket });
  session.on('error', () => undefined);
  t.teardown(() => session.destroy());
  return session;
}

/** Writes, and reads one message whose length is declared. */
async function exchange(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  for (let seen = ''; ; ) {
    const [bytes] = await once(socket, 'data');
    seen += bytes;
    const length = Number(/^content-length: (\d+)/im.exec(seen)?.[1] ?? '0');
    const headEnd = seen.indexOf('\r\n\r\n');
    if (headEnd >= 0 && seen.length >= headEnd + 4 + length) return seen;
  }
}

async function untilClosed(socket: Socket, text: string) {
  const chunks: Buffer[] = [];
  let error: string | undefined;
  socket.on('data', (bytes: Buffer) => chunks.push(bytes));
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    error = code;
  });
  socket.write(text, 'latin1');
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', () => resolve());
  await promise;
  return { bytes: Buffer.concat(chunks), error };
}

/** Whole events in a chunked body that was broken off. */
function chunkedEvents(bytes: Buffer): number {
  const parts: Buffer[] = [];
  let at = bytes.indexOf('\r\n\r\n') + 4;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (lineEnd < 0 || !(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return countEventStream(Buffer.concat(parts)).events;
}

/** A socket that sends one byte per write. */
function trickling(socket: Socket): Socket {
  const write = socket.write.bind(socket);
  const slow = (bytes: Buffer, ...rest: unknown[]) => {
    for (const byte of bytes.subarray(0, -1)) write(Buffer.from([byte]));
    return write(bytes.subarray(-1), ...(rest as []));
  };
  return Object.assign(socket, { write: slow });
}

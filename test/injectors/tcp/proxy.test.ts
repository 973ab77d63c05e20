// A proxy with real sockets: how each end of a connection reaches the other side, what is bounded,
// and what is left.

import { connect } from 'node:net';
import { test } from 'tap';
import { seededRng, sleep, systemClock } from '../../../injectors/determinism.ts';
import { reset } from '../../../injectors/tcp/connection.ts';
import { createProxy } from '../../../injectors/tcp/proxy.ts';
import { toxic } from '../../fixtures/tcp-link.ts';
import {
  connectTo,
  nextOf,
  openPair,
  startProxy,
  startUpstream,
  until,
} from '../../fixtures/tcp-pair.ts';

test('data goes through in both directions', async (t) => {
  const { client, server, proxy } = await openPair(t);
  client.write('ping');
  t.equal(await nextOf(server), 'ping');
  server.write('pong!');
  t.equal(await nextOf(client), 'pong!');
  t.same(proxy.bytes, { upstream: { received: 4, sent: 4 }, downstream: { received: 5, sent: 5 } });
});

test('a client that half-closes still gets its answer', async (t) => {
  const { client, server, proxy } = await openPair(t);
  client.end('question');
  t.equal(await nextOf(server), 'question');
  t.equal(await nextOf(server), 'end');
  server.write('answer');
  t.equal(await nextOf(client), 'answer');
  server.end();
  t.equal(await nextOf(client), 'end');
  t.ok(await until(() => proxy.connectionCount === 0));
});

test('an upstream that half-closes still hears its client', async (t) => {
  const { client, server, proxy } = await openPair(t);
  server.end('bye');
  t.equal(await nextOf(client), 'bye');
  t.equal(await nextOf(client), 'end');
  client.write('more');
  t.equal(await nextOf(server), 'more');
  client.end();
  t.equal(await nextOf(server), 'end');
  t.ok(await until(() => proxy.connectionCount === 0));
});

test('a reset by the client is a reset at the upstream', async (t) => {
  const { client, server, proxy } = await openPair(t);
  const seen = nextOf(server);
  reset(client);
  t.equal(await seen, 'ECONNRESET');
  t.ok(await until(() => proxy.connectionCount === 0));
});

test('a reset by the upstream is a reset at the client', async (t) => {
  const { client, server, proxy } = await openPair(t);
  server.write('hello');
  t.equal(await nextOf(client), 'hello');
  const seen = nextOf(client);
  reset(server);
  t.equal(await seen, 'ECONNRESET');
  t.ok(await until(() => proxy.connectionCount === 0));
});

test('reset_peer is a reset on both sides, also on a connection that was open', async (t) => {
  const { client, server, proxy } = await openPair(t);
  client.write('hello');
  t.equal(await nextOf(server), 'hello');
  proxy.addToxic(toxic('reset_peer', { timeout: 0 }, { stream: 'upstream' }));
  const seen = [nextOf(client), nextOf(server)];
  client.write('again');
  t.same(await Promise.all(seen), ['ECONNRESET', 'ECONNRESET']);
});

test('limit_data delivers its last byte and then ends both sides', async (t) => {
  const { client, server, proxy } = await openPair(t);
  proxy.addToxic(toxic('limit_data', { bytes: 3 }));
  const heard = nextOf(server);
  server.write('hello');
  t.equal(await nextOf(client), 'hel');
  t.equal(await nextOf(client), 'end');
  t.equal(await heard, 'end');
  t.ok(await until(() => proxy.connectionCount === 0));
});

test('a toxic of one direction leaves the other alone', async (t) => {
  const { client, server, proxy } = await openPair(t);
  proxy.addToxic(toxic('timeout', { timeout: 0 }, { stream: 'upstream' }));
  client.write('lost');
  server.write('seen');
  t.equal(await nextOf(client), 'seen');
  t.equal(proxy.bytes.upstream.sent, 0);
});

test('a reader that pauses holds the sender back, and then gets every byte', async (t) => {
  const { client, server } = await openPair(t);
  client.pause();
  const chunk = Buffer.alloc(65_536, 'x');
  const wantedBytes = 64 * 1024 ** 2;
  let offeredBytes = 0;
  while (offeredBytes < wantedBytes && server.writableLength < 4 * chunk.length) {
    server.write(chunk);
    offeredBytes += chunk.length;
    if (offeredBytes % (16 * chunk.length) === 0) await sleep(1);
  }
  t.ok(await until(() => server.writableLength > 0), 'the sender waits');
  t.ok(offeredBytes < wantedBytes / 2, `${offeredBytes} bytes are under way`);
  let readBytes = 0;
  client.on('data', (bytes) => {
    readBytes += bytes.length;
  });
  client.resume();
  server.end();
  t.equal(await new Promise((resolve) => client.once('end', () => resolve('end'))), 'end');
  t.equal(readBytes, offeredBytes);
});

test('an upstream that is not there ends the client in order', async (t) => {
  const proxy = await startProxy(t, '127.0.0.1:1');
  t.equal(await nextOf(connectTo(t, proxy)), 'end');
});

test('a proxy that is disabled drops its connections and refuses new ones', async (t) => {
  const { client, server, proxy } = await openPair(t);
  const { listen } = proxy;
  const seen = [nextOf(client), nextOf(server)];
  await proxy.setEnabled(false);
  t.same(await Promise.all(seen), ['end', 'end']);
  t.equal(await nextOf(connectTo(t, proxy)), 'ECONNREFUSED');
  await proxy.setEnabled(true);
  t.equal(proxy.listen, listen, 'it comes back where it was');
});

test('a port in use is told as Toxiproxy tells it', async (t) => {
  const upstream = await startUpstream(t);
  const parts = { clock: systemClock, rng: seededRng(1) };
  const addresses = { listen: upstream.address, upstream: upstream.address };
  const proxy = createProxy('second', addresses, parts);
  const message = `listen tcp ${upstream.address}: bind: address already in use`;
  await t.rejects(proxy.setEnabled(true), { message });
  t.equal(proxy.isEnabled, false);
});

test('two starts at once leave one listener', async (t) => {
  const { proxy } = await openPair(t);
  await Promise.all([proxy.setEnabled(false), proxy.setEnabled(true), proxy.setEnabled(true)]);
  t.equal(proxy.isEnabled, true);
  await proxy.setEnabled(false);
  t.equal(await nextOf(connectTo(t, proxy)), 'ECONNREFUSED');
});

test('the same seed hits the same connections', async (t) => {
  const upstream = await startUpstream(t);
  const hits = async (seed: number) => {
    const proxy = await startProxy(t, upstream.address, seed);
    proxy.addToxic(toxic('limit_data', { bytes: 0 }, { stream: 'upstream', toxicity: 0.5 }));
    const pattern: string[] = [];
    for (let index = 0; index < 24; index++) {
      const accepted = upstream.accept();
      const client = connectTo(t, proxy);
      const server = await accepted;
      client.write('x');
      pattern.push(await nextOf(server));
      client.destroy();
    }
    return pattern.join(' ');
  };
  const first = await hits(3);
  t.match(first, /x/);
  t.match(first, /end/);
  t.equal(first, await hits(3));
  t.not(first, await hits(4));
});

test('connections that come and go under every toxic leave nothing', async (t) => {
  const upstream = await startUpstream(t);
  const proxy = await startProxy(t, upstream.address);
  const kinds = [
    toxic('latency', { latency: 60_000, jitter: 10 }),
    toxic('bandwidth', { rate: 0 }),
    toxic('slicer', { average_size: 1, size_variation: 0, delay: 1_000_000 }),
    toxic('timeout', { timeout: 60_000 }),
    toxic('slow_close', { delay: 60_000 }),
    toxic('reset_peer', { timeout: 60_000 }),
  ];
  for (const spec of kinds) {
    proxy.addToxic(spec);
    const accepted = upstream.accept();
    const client = connectTo(t, proxy);
    const server = await accepted;
    server.write('held');
    client.write('hello');
    t.equal(await nextOf(server), 'hello');
    reset(client);
    t.ok(await until(() => proxy.connectionCount === 0), spec.type);
    proxy.clearToxics();
  }
  // No timer of a toxic is left; the ones this test waits with are over.
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
  t.ok(timers.length <= 1, `${timers.length} timers`);
});

test('ephemeral ports and names are resolved to numbers', async (t) => {
  const parts = { clock: systemClock, rng: seededRng(1) };
  const proxy = createProxy('named', { listen: 'localhost:0', upstream: 'localhost:1' }, parts);
  t.equal(proxy.listen, 'localhost:0');
  await proxy.setEnabled(true);
  t.teardown(() => proxy.setEnabled(false));
  t.match(proxy.listen, /^127\.0\.0\.1:\d+$/);
  const port = Number(proxy.listen.split(':')[1]);
  const { listen } = proxy;
  t.ok(await proxy.isAt({ listen: `localhost:${port}`, upstream: 'localhost:1' }));
  t.notOk(await proxy.isAt({ listen, upstream: 'localhost:2' }));
  const socket = connect(port, '127.0.0.1');
  t.equal(await nextOf(socket), 'end');
  socket.destroy();
});

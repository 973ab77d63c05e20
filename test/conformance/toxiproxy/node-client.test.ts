// Toxiproxy's client for Node, as its README uses it, drives our proxy; what it says of a toxic and
// what a connection then observes are both looked at.

import { type Test, test } from 'tap';
import {
  type ICreateToxicBody,
  type Proxy as ProxyOfClient,
  type ToxicType,
  Toxiproxy,
} from 'toxiproxy-node-client';
import { systemClock } from '../../../injectors/determinism.ts';
import { startTcpProxyServer } from '../../../mocks/tcp-proxy/server.ts';
import { connectTo, nextOf, startUpstream } from '../../fixtures/tcp-pair.ts';

async function startRedis(t: Test) {
  const server = await startTcpProxyServer({ port: 0, seed: 1 });
  t.teardown(() => server.close());
  const upstream = await startUpstream(t);
  const toxiproxy = new Toxiproxy(server.url);
  const body = { name: 'redis', listen: 'localhost:0', upstream: upstream.address };
  const proxy = await toxiproxy.createProxy(body);
  const open = async () => {
    const accepted = upstream.accept();
    const client = connectTo(t, server.proxies.get('redis'));
    return { client, upstream: await accepted };
  };
  return { toxiproxy, proxy, open, body };
}

/** The client's types ask for everything, its README for what is needed. */
const add = (proxy: ProxyOfClient, type: ToxicType, attributes: object, more: object = {}) =>
  proxy.addToxic({ type, attributes, ...more } as ICreateToxicBody<object>);

test('the workflow of its README: a proxy with a bandwidth of 1000 KB/s', async (t) => {
  const { proxy, open } = await startRedis(t);
  t.match(proxy.listen, /^127\.0\.0\.1:\d+$/);
  const toxic = await add(proxy, 'bandwidth', { rate: 1000 });
  t.match(toxic.toJson(), {
    name: 'bandwidth_downstream',
    type: 'bandwidth',
    stream: 'downstream',
    toxicity: 1,
    attributes: { rate: 1000 },
  });
  const { client, upstream } = await open();
  const startedMs = systemClock.nowMs();
  upstream.end(Buffer.alloc(200_000));
  let readBytes = 0;
  for await (const bytes of client) readBytes += (bytes as Buffer).length;
  t.equal(readBytes, 200_000);
  t.ok(systemClock.nowMs() - startedMs >= 180, '200 KB need a fifth of a second');
});

test('every type of toxic it knows is taken and read back', async (t) => {
  const { proxy } = await startRedis(t);
  const types: readonly (readonly [ToxicType, object])[] = [
    ['latency', { latency: 1000, jitter: 100 }],
    ['bandwidth', { rate: 1000 }],
    ['slow_close', { delay: 1000 }],
    ['timeout', { timeout: 5000 }],
    ['slicer', { average_size: 1000, size_variation: 1000, delay: 1000 }],
    ['reset_peer', { timeout: 1000 }],
    ['limit_data', { bytes: 42 }],
  ];
  for (const [type, attributes] of types) {
    t.same((await add(proxy, type, attributes)).attributes, attributes);
    const found = await proxy.getToxic(`${type}_downstream`);
    t.same(found.attributes, attributes);
    await found.remove();
    await t.rejects(proxy.getToxic(`${type}_downstream`), /status code 404/);
  }
});

test('a toxic is updated while its connection lives', async (t) => {
  const { proxy, open } = await startRedis(t);
  const toxic = await add(proxy, 'latency', { latency: 60_000, jitter: 0 });
  const { client, upstream } = await open();
  upstream.write('late');
  const seen = nextOf(client);
  const changed = await toxic.update({ ...toxic.toJson(), attributes: { latency: 1, jitter: 0 } });
  t.same(changed.attributes, { latency: 1, jitter: 0 });
  t.equal(await seen, 'late');
});

test('a toxic that is removed lets go of what it held', async (t) => {
  const { proxy, open } = await startRedis(t);
  const toxic = await add(proxy, 'latency', { latency: 60_000 }, { stream: 'upstream' });
  const { client, upstream } = await open();
  const seen = nextOf(upstream);
  client.write('held');
  await toxic.remove();
  t.equal(await seen, 'held');
});

test('a proxy goes down and comes up again', async (t) => {
  const { proxy, open, body, toxiproxy } = await startRedis(t);
  const { client } = await open();
  const seen = nextOf(client);
  const down = await proxy.update({ ...body, listen: proxy.listen, enabled: false });
  t.equal(down.enabled, false);
  t.equal(await seen, 'end');
  await toxiproxy.reset();
  t.equal((await toxiproxy.get('redis')).enabled, true);
});

test('proxies are populated, listed and removed', async (t) => {
  const { toxiproxy } = await startRedis(t);
  t.match(await toxiproxy.getVersion(), /2\.12\.0/);
  const bodies = ['a', 'b'].map((name) => ({ name, listen: 'localhost:0', upstream: 'x:1' }));
  const made = await toxiproxy.populate(bodies);
  t.same(Object.keys(made), ['a', 'b']);
  t.same(Object.keys(await toxiproxy.getAll()).sort(), ['a', 'b', 'redis']);
  await made.a?.remove();
  await t.rejects(toxiproxy.get('a'), /status code 404/);
});

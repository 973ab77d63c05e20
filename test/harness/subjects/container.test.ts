// Under which address a container is asked, by what Docker tells of its ports; with a real engine
// test/e2e/container-subject.slow.ts.

import { test } from 'tap';
import { addressOf } from '../../../harness/subjects/container.ts';

type Told = Parameters<typeof addressOf>[1];

const onBridge = { bridge: { IPAddress: '172.17.0.2' } };
const told = (
  ports: NonNullable<Told['NetworkSettings']['Ports']>,
  exposed: readonly string[] = [],
): Told => ({
  Config: { ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])) },
  NetworkSettings: { Ports: ports, Networks: onBridge },
});

test('a published port is asked where it is published, whatever else is', async (t) => {
  const found = told({
    '53/udp': [{ HostIp: '0.0.0.0', HostPort: '5353' }],
    '8080/tcp': [{ HostIp: '::1', HostPort: '18080' }],
  });
  t.same(addressOf('gateway', found), {
    url: 'http://[::1]:18080',
    insideUrl: 'http://127.0.0.1:8080',
  });
});

test('without one its own address is asked, at the one port that it exposes', async (t) => {
  const url = 'http://172.17.0.2:8080';
  const { url: asked } = addressOf('gateway', told({}, ['8080/tcp', '53/udp']));
  t.equal(asked, url);
});

test('a container of no port, or of two, wants --url', async (t) => {
  for (const exposed of [[], ['53/udp'], ['8080/tcp', '9090/tcp']]) {
    t.throws(() => addressOf('gateway', told({}, exposed)), /gateway listens.*by --url/);
  }
});

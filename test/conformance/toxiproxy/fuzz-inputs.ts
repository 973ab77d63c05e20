// What is malformed about the proxy's API: paths, names, addresses, toxics and their attributes.

import type { Rng } from '../../../injectors/determinism.ts';
import { directions } from '../../../injectors/tcp/toxic.ts';
import { toxics } from '../../../injectors/tcp/toxics.ts';
import { bytesInput, type RawInput } from '../../fixtures/fuzz/bytes.ts';
import { httpJudge, httpKinds, post, type RawKinds } from '../../fixtures/fuzz/http.ts';
import { oddValues } from '../../fixtures/fuzz/mutate.ts';
import type { FuzzInput } from '../../fixtures/fuzz/run.ts';

const names = [
  'one',
  'two',
  'latency_downstream',
  '%2e%2e',
  '%ff',
  '__proto__',
  'constructor',
  'é',
];
/** No names of hosts: looking those up would ask the network. */
const addresses = [
  '127.0.0.1:0',
  '127.0.0.1:99999',
  '127.0.0.1',
  ':::',
  '[::1',
  '127.0.0.1:http',
  '1.2.3.4:0',
  '',
];

const toxicOf = (rng: Rng): object => {
  const { type, attributes } = rng.pick(toxics);
  const values = Object.keys(attributes).map((name) => [
    name,
    rng.next() < 0.3 ? rng.pick(oddValues) : rng.integer(-5, 2 ** 31),
  ]);
  return {
    type,
    name: rng.pick(names),
    stream: rng.next() < 0.1 ? 'sideways' : rng.pick(directions),
    toxicity: rng.pick([0, 0.5, 1, -1, 1e300]),
    attributes: Object.fromEntries(values),
  };
};

const proxyOf = (rng: Rng): object => ({
  name: rng.pick(names),
  listen: rng.pick(addresses),
  upstream: rng.pick(addresses),
  enabled: rng.next() < 0.5,
});

/** A path of the API, and a body that is nearly good for it. */
function pick(rng: Rng): { readonly path: string; readonly body: object } {
  const proxy = `/proxies/${rng.pick(names)}`;
  const toxic = `${proxy}/toxics/${rng.pick(names)}`;
  switch (rng.integer(0, 6)) {
    case 0:
      return { path: '/proxies', body: { ...proxyOf(rng), listen: '' } };
    case 1:
      return { path: proxy, body: { enabled: true, listen: '' } };
    case 2:
      return { path: `${proxy}/toxics`, body: toxicOf(rng) };
    case 3:
      return { path: toxic, body: toxicOf(rng) };
    case 4:
      return { path: '/populate', body: [{ ...proxyOf(rng), listen: '' }] };
    case 5:
      return { path: '/reset', body: {} };
    default:
      return { path: rng.pick(['/', '/%', '/proxies//', '/version', '/metrics']), body: {} };
  }
}

/** Requests in sound HTTP whose fields are of the right type and of odd values. */
function oddFields(rng: Rng): RawInput {
  const { path, body } = rng.pick([
    { path: '/proxies', body: proxyOf(rng) },
    { path: `/proxies/${rng.pick(names)}`, body: proxyOf(rng) },
    { path: `/proxies/${rng.pick(names)}/toxics`, body: toxicOf(rng) },
    { path: '/populate', body: [proxyOf(rng), proxyOf(rng)] },
  ]);
  return { bytes: post(path, JSON.stringify(body)), isWhole: true };
}

/** The other methods, with or without something to act on. */
function otherMethods(rng: Rng): RawInput {
  const { path } = pick(rng);
  const method = rng.pick(['GET', 'DELETE', 'PATCH', 'PUT', 'OPTIONS', 'TRACE']);
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n`;
  return { bytes: Buffer.from(`${head}content-length: 0\r\n\r\n`), isWhole: true };
}

const kinds: RawKinds = {
  ...httpKinds({
    pick,
    longPath: (length) => `/proxies/${'p'.repeat(length)}`,
    brokenLines: ['user-agent: Mozilla/5.0', 'origin: null', 'authorization: Bearer'],
  }),
  'odd-fields': oddFields,
  'other-methods': otherMethods,
};

export const fuzzKinds = Object.keys(kinds);

/** Toxiproxy's error, that of what stands before the routes, or what has no body at all. */
const judge = httpJudge((answer) =>
  /"status(Code)?":\d{3}|404 page not found|^HTTP.* 40[345]/.test(answer),
);

export function malformedProxyApi(rng: Rng): FuzzInput {
  const kind = rng.pick(fuzzKinds);
  const make = kinds[kind] ?? oddFields;
  return bytesInput(kind, make(rng), judge);
}

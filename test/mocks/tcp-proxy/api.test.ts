// The HTTP API of the TCP proxy: who may come in, and its words for what is wrong.

import { type Test, test } from 'tap';
import {
  startTcpProxyServer,
  type TcpProxyServerOptions,
} from '../../../mocks/tcp-proxy/server.ts';
import { rawHttp1 } from '../../fixtures/raw-clients.ts';

async function serve(t: Test, options: TcpProxyServerOptions = {}) {
  const server = await startTcpProxyServer({ port: 0, seed: 1, ...options });
  t.teardown(() => server.close());
  const call = async (method: string, path: string, body?: unknown, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { 'content-type': 'text/plain', ...headers },
      ...(body !== undefined && { body: text }),
    });
    const said = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    return { status: answer.status, body: isJson ? JSON.parse(said) : said };
  };
  return { ...server, call };
}

const one = { name: 'one', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' };

test('pages of another origin, foreign names and browsers are refused', async (t) => {
  const { url } = await serve(t);
  const { host, hostname, port } = new URL(url);
  const status = async (...lines: readonly string[]) => {
    const head = ['GET /proxies HTTP/1.1', 'connection: close', ...lines, '', ''].join('\r\n');
    const [answer] = await rawHttp1({ host: hostname, port: Number(port) }, head);
    return answer?.status;
  };
  t.equal(await status(`host: ${host}`), 200);
  t.equal(await status(`host: ${host}`, 'origin: http://evil.test'), 403);
  t.equal(await status(`host: ${host}`, 'sec-fetch-site: cross-site'), 403);
  t.equal(await status('host: evil.test'), 403);
  t.equal(await status(`host: ${host}`, 'user-agent: Mozilla/5.0'), 403);
  t.equal(await status(`host: ${host}`, 'user-agent: toxiproxy-cli'), 200);
});

test('off loopback a token is needed to start, and for every request', async (t) => {
  await t.rejects(startTcpProxyServer({ host: '0.0.0.0', port: 0 }), /LEAKBED_TOKEN/);
  await t.rejects(startTcpProxyServer({ host: '0.0.0.0', port: 0, token: '' }), /LEAKBED_TOKEN/);
  const { call } = await serve(t, { host: '0.0.0.0', token: 'secret' });
  t.equal((await call('GET', '/proxies')).status, 401);
  const headers = { authorization: 'Bearer secret' };
  t.equal((await call('GET', '/proxies', undefined, headers)).status, 200);
});

test('a body over 1 MiB is refused', async (t) => {
  const { call } = await serve(t);
  t.equal((await call('POST', '/proxies', 'x'.repeat(1_048_577))).status, 413);
});

test('errors have the words and statuses of Toxiproxy', async (t) => {
  const { call } = await serve(t);
  await call('POST', '/proxies', one);
  await call('POST', '/proxies/one/toxics', { type: 'latency' });
  const toxics = '/proxies/one/toxics';
  const rows: readonly (readonly [string, string, unknown, number, string | RegExp])[] = [
    ['POST', '/proxies', {}, 400, 'missing required field: name'],
    ['POST', '/proxies', { name: 'x' }, 400, 'missing required field: upstream'],
    ['POST', '/proxies', one, 409, 'proxy already exists'],
    ['POST', '/proxies', '', 400, 'bad request body: EOF'],
    ['POST', '/proxies', '{', 400, /^bad request body: /],
    ['POST', '/proxies', { name: 3 }, 400, /cannot unmarshal number 3 into .*name of type string/],
    ['GET', '/proxies/two', undefined, 404, 'proxy not found'],
    ['DELETE', '/proxies/two', undefined, 404, 'proxy not found'],
    ['POST', '/proxies/two/toxics', {}, 404, 'proxy not found'],
    ['POST', toxics, { type: 'nope' }, 400, 'invalid toxic type'],
    ['POST', toxics, { type: 'down' }, 400, 'invalid toxic type'],
    [
      'POST',
      toxics,
      { type: 'latency', stream: 'x' },
      400,
      'stream was invalid, can be either upstream or downstream',
    ],
    ['POST', toxics, { type: 'latency' }, 409, 'toxic already exists'],
    [
      'POST',
      toxics,
      { name: 'b', type: 'latency', attributes: { latency: '1' } },
      400,
      /cannot unmarshal string into .*latency of type int64/,
    ],
    [
      'POST',
      toxics,
      { name: 'b', type: 'latency', attributes: { latency: 1.5 } },
      400,
      /number 1.5 into .*int64/,
    ],
    [
      'POST',
      toxics,
      { name: 'b', type: 'latency', attributes: { latency: -1 } },
      400,
      /attributes.latency must be a duration/,
    ],
    ['GET', `${toxics}/nope`, undefined, 404, 'toxic not found'],
    ['PATCH', `${toxics}/nope`, {}, 404, 'toxic not found'],
    ['DELETE', `${toxics}/nope`, undefined, 404, 'toxic not found'],
  ];
  for (const [method, path, body, status, error] of rows) {
    const answer = await call(method, path, body);
    t.match(answer, { status, body: { error, status } }, `${method} ${path} ${error}`);
  }
  t.equal((await call('GET', '/nope')).status, 404);
});

test('a toxic is read back with defaults, and changed in part', async (t) => {
  const { call } = await serve(t);
  await call('POST', '/proxies', one);
  const made = await call('POST', '/proxies/one/toxics', { type: 'slicer', stream: 'UpStream' });
  const attributes = { average_size: 0, size_variation: 0, delay: 0 };
  const slicer = { name: 'slicer_upstream', type: 'slicer', stream: 'upstream', toxicity: 1 };
  t.same(made, { status: 200, body: { ...slicer, attributes } });
  const change = { attributes: { delay: 7, average_size: null }, toxicity: 0.5 };
  const changed = await call('PATCH', '/proxies/one/toxics/slicer_upstream', change);
  const wanted = { ...slicer, toxicity: 0.5, attributes: { ...attributes, delay: 7 } };
  t.same(changed.body, wanted);
  t.same((await call('GET', '/proxies/one/toxics')).body, [wanted]);
  t.same((await call('GET', '/proxies/one')).body.toxics, [wanted]);
});

test('populate keeps what is there, and tells of what came before a failure', async (t) => {
  const { call, proxies } = await serve(t);
  const { listen } = (await call('POST', '/proxies', one)).body;
  await call('POST', '/proxies/one/toxics', { type: 'noop' });
  const bad = { name: 'two', listen: 'nowhere', upstream: 'x:1' };
  const answer = await call('POST', '/populate', [{ ...one, listen }, bad]);
  t.match(answer, { status: 500, body: { error: /missing port in address/, status: 500 } });
  t.match(answer.body.proxies, [{ name: 'one', toxics: [{ name: 'noop_downstream' }] }]);
  t.equal(proxies.all.length, 1);
});

test('reset enables every proxy and takes the toxics off', async (t) => {
  const { call } = await serve(t);
  await call('POST', '/proxies', one);
  await call('POST', '/proxies/one/toxics', { type: 'noop' });
  t.equal((await call('PATCH', '/proxies/one', { enabled: false })).body.enabled, false);
  t.equal((await call('POST', '/reset')).status, 204);
  t.match((await call('GET', '/proxies')).body, { one: { enabled: true, toxics: [] } });
});

test('metrics count bytes by proxy and direction', async (t) => {
  const { call } = await serve(t);
  await call('POST', '/proxies', one);
  const { body } = await call('GET', '/metrics');
  t.match(body, /^toxiproxy_proxy_received_bytes_total\{direction="upstream",proxy="one",.*\} 0$/m);
  t.match(body, /^leakbed_proxy_open_connections\{proxy="one"\} 0$/m);
});

test('closing the server closes its proxies', async (t) => {
  const server = await startTcpProxyServer({ port: 0, seed: 1 });
  const proxy = await server.proxies.add({ ...one, enabled: true });
  await server.close();
  t.equal(proxy.isEnabled, false);
  t.equal(server.proxies.all.length, 0);
});

// The same requests to Toxiproxy's own server and to ours: status and JSON have to be the same, but
// for what the table says. Skipped where Toxiproxy cannot be built.

import { spawn } from 'node:child_process';
import { t as root, type Test, test } from 'tap';
import { sleep } from '../../../injectors/determinism.ts';
import { startTcpProxyServer } from '../../../mocks/tcp-proxy/server.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { installToxiproxy } from './toxiproxy-in-go.ts';

// Toxiproxy is built first, where it has not been.
root.setTimeout(900_000);
const home = await installToxiproxy();
const skip = home.reason === undefined ? false : `Toxiproxy's sources: ${home.reason}`;
const program = home.reason === undefined ? home.program : '';

const one = '{"name":"one","listen":"127.0.0.1:PORT","upstream":"127.0.0.1:1"}';
const toxics = '/proxies/one/toxics';
const latency = '{"type":"latency","attributes":{"latency":5,"jitter":1}}';

/** In this order, each on what those before it left. `PORT` is a free one. */
const requests: readonly (readonly [string, string, string?])[] = [
  ['GET', '/version'],
  ['GET', '/proxies'],
  ['POST', '/proxies', one],
  ['POST', '/proxies', one],
  ['GET', '/proxies'],
  ['GET', '/proxies/one'],
  ['GET', '/proxies/two'],
  ['POST', '/proxies', '{"name":"two","listen":"127.0.0.1:PORT","upstream":"a:1"}'],
  ['POST', '/proxies', '{"name":"two","listen":"nowhere","upstream":"a:1"}'],
  ['POST', '/proxies', '{"name":"two","listen":"127.0.0.1:99999","upstream":"a:1"}'],
  ['POST', '/proxies', '{"name":"two","listen":"::1:0","upstream":"a:1"}'],
  ['POST', '/proxies', '{"name":"two","listen":"127.0.0.1:PORT","upstream":"a:1","enabled":false}'],
  ['POST', '/proxies', '{"name":"null","listen":null,"upstream":null}'],
  ['POST', '/proxies', '{"listen":"127.0.0.1:0","upstream":"a:1"}'],
  ['POST', '/proxies', '{"name":"three","listen":"127.0.0.1:0"}'],
  ['POST', '/proxies', ''],
  ['POST', toxics, latency],
  ['POST', toxics, latency],
  ['POST', toxics, '{"type":"latency","stream":"upstream","toxicity":0.25}'],
  ['POST', toxics, '{"type":"latency","stream":"sideways"}'],
  ['POST', toxics, '{"type":"slicer","attributes":{"average_size":3,"unknown":1},"more":2}'],
  ['POST', toxics, '{"type":"limit_data","attributes":null}'],
  ['POST', toxics, '{"type":"reset_peer","stream":""}'],
  ['POST', toxics, '{"type":"reset_peer","name":"mine"}'],
  ['POST', toxics, '{"type":"timeout","toxicity":2}'],
  ['POST', toxics, '{"type":"slow_close","attributes":{"delay":9}}'],
  ['POST', toxics, '{"type":"bandwidth","attributes":{"rate":9}}'],
  ['POST', toxics, '{"type":"noop"}'],
  ['POST', toxics, '{"type":"down"}'],
  ['POST', toxics, '{"type":""}'],
  ['GET', toxics],
  ['GET', `${toxics}/mine`],
  ['GET', `${toxics}/other`],
  ['PATCH', `${toxics}/latency_downstream`, '{"attributes":{"latency":50}}'],
  ['POST', `${toxics}/latency_downstream`, '{"toxicity":0.5}'],
  ['PATCH', `${toxics}/latency_downstream`, '{"attributes":{"jitter":null},"name":"x"}'],
  ['PATCH', `${toxics}/other`, '{}'],
  ['PATCH', `${toxics}/mine`, ''],
  ['DELETE', `${toxics}/mine`],
  ['DELETE', `${toxics}/mine`],
  ['GET', '/proxies/one'],
  ['PATCH', '/proxies/one', '{"enabled":false}'],
  ['POST', '/proxies/one', '{"upstream":"127.0.0.1:2"}'],
  ['PATCH', '/proxies/one', '{"listen":"nowhere"}'],
  ['PATCH', '/proxies/two', '{}'],
  ['PATCH', '/proxies/nine', '{}'],
  ['POST', '/reset'],
  ['DELETE', '/proxies/two'],
  ['POST', '/reset'],
  ['GET', '/proxies'],
  ['POST', '/populate', `[${one}]`],
  ['POST', '/populate', '[{"name":"","upstream":"a:1"}]'],
  ['POST', '/populate', '[{"name":"p"}]'],
  ['POST', '/populate', '[]'],
  ['POST', '/populate', 'null'],
  ['POST', '/populate', '[{"name":"p","listen":"nowhere","upstream":"a:1"}]'],
  ['POST', '/populate', '[{"name":"q","listen":"127.0.0.1:PORT","upstream":"a:1"}]'],
  ['DELETE', '/proxies/one'],
  ['DELETE', '/proxies/one'],
  ['GET', '/proxies'],
  ['GET', '/nothing'],
];

/** Go's words for what its decoder refuses hold type names of Go; the status has to be the same. */
const refusedByDecoder: readonly (readonly [string, string, string])[] = [
  ['POST', '/proxies', '{"name":3}'],
  ['POST', '/proxies', '{"name":"x","enabled":"yes"}'],
  ['POST', '/proxies', '{'],
  ['POST', '/proxies', '[]'],
  ['POST', '/proxies', '"x"'],
  ['POST', '/populate', '{}'],
  ['POST', '/populate', '[3]'],
];

test('our server answers as Toxiproxy does', { skip, timeout: 60_000 }, async (t) => {
  const servers = [await startToxiproxy(t), await startOurs(t)] as const;
  for (const [method, path, body = undefined] of requests) {
    const [theirs, ours] = await Promise.all(servers.map((ask) => ask(method, path, body)));
    t.same(ours, theirs, `${method} ${path} ${body ?? ''}`);
  }
  for (const [method, path, body] of refusedByDecoder) {
    const [theirs, ours] = await Promise.all(servers.map((ask) => ask(method, path, body)));
    t.equal(ours?.status, theirs?.status, `${method} ${path} ${body}`);
    t.match(ours?.body, { error: /^bad request body: / });
    t.match(theirs?.body, { error: /^bad request body: / });
  }
});

async function startOurs(t: Test) {
  const server = await startTcpProxyServer({ port: 0, seed: 1 });
  t.teardown(() => server.close());
  return asker(server.url);
}

async function startToxiproxy(t: Test) {
  const port = await freePort();
  const child = spawn(program, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
  t.teardown(() => child.kill());
  const ask = await asker(`http://127.0.0.1:${port}`);
  for (let turn = 0; turn < 100; turn++) {
    if (await ask('GET', '/version').catch(() => undefined)) return ask;
    await sleep(50);
  }
  throw new Error('Toxiproxy did not start.');
}

/** Asks one server; its own free port is named `PORT` in what is sent and in what comes back. */
async function asker(url: string) {
  const port = String(await freePort());
  return async (method: string, path: string, body?: string) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { body: body.replaceAll('PORT', port) }),
    });
    const said = (await answer.text()).replaceAll(port, 'PORT');
    const isJson = said.startsWith('{') || said.startsWith('[');
    return { status: answer.status, body: isJson ? JSON.parse(said, mended) : said };
  };
}

/** By mistake Toxiproxy shows a field of its Go structure, and null for a list without entries. */
function mended(key: string, value: unknown): unknown {
  if (key === 'proxies' && value === null) return [];
  return key === 'Logger' ? undefined : value;
}

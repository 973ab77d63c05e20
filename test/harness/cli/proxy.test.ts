// `leakbed proxy` as users start it: what it prints, what it refuses, and the READMEs' commands.

import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Test, test } from 'tap';
import { controlClient } from '../../../harness/runner/control-client.ts';
import { readStallState } from '../../../injectors/ambient/billing-stall.ts';
import { sleep } from '../../../injectors/determinism.ts';
import { startMocks } from '../../../mocks/server.ts';
import { projectBlocks } from '../../examples/readme-blocks.ts';
import {
  freshOut,
  isOneError,
  runCommandLine,
  startCommandLine,
} from '../../fixtures/command-line.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { connectTo, nextOf, startUpstream } from '../../fixtures/tcp-pair.ts';
import { startTcpProxyProcess } from '../../fixtures/tcp-proxy-process.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Starts it, and stops it once it is ready. */
async function ready(t: Test, words: readonly string[]) {
  const command = startCommandLine(t, ['proxy', '--port', '0', '--json', ...words]);
  await command.untilSaid(/Ctrl-C stops/);
  command.signal('SIGTERM');
  const { code, stdout, stderr } = await command.ended;
  t.equal(code, 0);
  return { stderr, document: JSON.parse(stdout) };
}

test('proxies and toxics of the command line are in the document, and the seed is said', async (t) => {
  const words = ['--upstream', 'a:1', '--toxic', 'latency;latency=100ms', '--toxic', 'tcp-down'];
  const { document, stderr } = await ready(t, [
    ...words,
    ...['--listen', '127.0.0.1:0', '--upstream', 'b:2'],
    ...['--toxic', 'limit_data;bytes=5;stream=upstream;toxicity=50%', '--seed', '9'],
  ]);
  t.match(stderr, /seed 9/);
  t.match(document, { url: /^http:\/\/127\.0\.0\.1:\d+$/, seed: 9 });
  t.match(document.proxies, [
    {
      name: 'proxy-1',
      upstream: 'a:1',
      enabled: false,
      toxics: [{ type: 'latency', stream: 'downstream', attributes: { latency: 100, jitter: 0 } }],
    },
    {
      name: 'proxy-2',
      listen: /^127\.0\.0\.1:[1-9]\d*$/,
      upstream: 'b:2',
      enabled: true,
      toxics: [{ name: 'limit_data_upstream', toxicity: 0.5, attributes: { bytes: 5 } }],
    },
  ]);
});

test("proxies of Toxiproxy's own configuration file are started", async (t) => {
  const file = join(await freshOut(t), 'toxiproxy.json');
  const proxies = [
    { name: 'web', listen: '127.0.0.1:0', upstream: 'web:80', enabled: true },
    { name: 'db', listen: '127.0.0.1:0', upstream: 'db:5432', enabled: false },
  ];
  await writeFile(file, JSON.stringify(proxies));
  const { document } = await ready(t, ['--config', file]);
  t.match(document.proxies, [
    { name: 'web', enabled: true },
    { name: 'db', enabled: false },
  ]);
});

test('what cannot be started is told in one sentence', async (t) => {
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--listen', '127.0.0.1:0'], /--upstream is missing/],
    [['--upstream', 'a:1', '--toxic', 'nope'], /there is no toxic "nope"/],
    [['--upstream', 'a:1', '--toxic', 'latency;latency=x'], /latency=x: it must be a duration/],
    [['--upstream', 'a:1', '--toxic', 'noop', '--toxic', 'noop'], /it is there/],
    [['--upstream', 'a:1', '--listen', 'nowhere'], /missing port in address/],
    [['--config', '/nonexistent.json'], /Cannot use --config \/nonexistent.json/],
    [['--host', '0.0.0.0'], /LEAKBED_TOKEN/],
  ];
  for (const [words, message] of wrong) {
    const { code, stdout, stderr } = await runCommandLine(t, ['proxy', '--port', '0', ...words]);
    t.equal(code, 254, words.join(' '));
    t.equal(stdout, '');
    t.match(stderr, message);
    t.ok(isOneError(stderr), stderr);
  }
});

test('--control: the switch of the fakes holds, cuts and lets go what runs through it', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 1 });
  t.teardown(() => mocks.close());
  const upstream = await startUpstream(t);
  const words = ['--upstream', upstream.address, '--control', mocks.url];
  const proxy = await startTcpProxyProcess([], words);
  t.teardown(() => proxy.stop());
  const billing = controlClient(mocks.url, undefined).billingStall('wire');
  const stall = (mode: string) => billing.set(readStallState(mode, 0, 1, 'wire'));
  const accepted = upstream.accept();
  const client = connectTo(t, proxy);
  const server = await accepted;

  await stall('stuck');
  client.write('a row');
  const arrived = nextOf(server);
  t.equal(await Promise.race([arrived, sleep(200).then(() => 'held')]), 'held');
  await stall('recover');
  t.equal(await arrived, 'a row', 'what was held goes on, on the same connection');

  const end = nextOf(client);
  await stall('error');
  t.match(await end, /^(end|ECONNRESET)$/, 'connections are dropped');
  t.equal(await nextOf(connectTo(t, proxy)), 'ECONNREFUSED', 'and new ones refused');
  await stall('recover');
  const again = upstream.accept();
  connectTo(t, proxy).write('another');
  t.equal(await nextOf(await again), 'another');
});

test('--control without a proxy is refused', async (t) => {
  const words = ['proxy', '--port', '0', '--control', 'http://127.0.0.1:4010'];
  const { code, stderr } = await runCommandLine(t, words);
  t.equal(code, 254);
  t.match(stderr, /Cannot use --control without a proxy: give --upstream as well/);
});

test('what the READMEs show of it works', async (t) => {
  const shown = projectBlocks(root, 'sh').filter(({ text }) =>
    text.startsWith('npx leakbed proxy'),
  );
  t.ok(shown.length >= 2);
  for (const { file, text } of shown) {
    const [api, listen] = [`${await freePort()}`, `${await freePort()}`];
    const lines = text.replaceAll('8474', api).replaceAll('5433', listen).trim().split('\n');
    const [first = '', ...others] = lines;
    const words = first.replaceAll("'", '').split(' ').slice(2);
    const port = words.includes('--port') ? [] : ['--port', api];
    const command = startCommandLine(t, [...words, ...port]);
    await command.untilSaid(/Ctrl-C stops/);
    for (const line of others) {
      const script = line.replace(/^curl /, 'curl --silent --show-error --fail ');
      const { stdout } = await promisify(execFile)('bash', ['-c', script]);
      t.match(stdout, /"name":/, `${file}: ${line}`);
    }
    command.signal('SIGINT');
    t.equal((await command.ended).code, 0, `${file}: ${first}`);
  }
});

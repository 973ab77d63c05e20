// Wrong command lines: one sentence on stderr, exit code 254, nothing on stdout, nothing started.

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'tap';
import { freshOut, isOneError, runCommandLine } from '../fixtures/command-line.ts';

const wrong: readonly (readonly [title: string, args: readonly string[], says: RegExp])[] = [
  ['an unknown command', ['nosuch'], /unknown command 'nosuch'/],
  ['an unknown option', ['run', '--nonsense'], /unknown option '--nonsense'/],
  ['an unknown scenario', ['run', 'nosuch'], /"nosuch".*Known: streaming-connections/],
  ['an unknown fault', ['run', '--fault', 'nosuch'], /"nosuch".*Known: .*truncate/],
  ['a fault option with a bad value', ['run', '--fault', 'truncate;at=x'], /at=x.*50%/],
  ['an unknown leak', ['run', '--leak', 'nosuch'], /"nosuch".*Known: unread-stream/],
  ['an unknown scale', ['run', '--scale', 'huge'], /smoke, ci, full/],
  ['a seed that is no number', ['run', '--seed', 'x'], /Give a whole number/],
  ['a port out of range', ['mocks', '--port', '99999'], /0 to 65535/],
  ['a URL that is none', ['run', '--url', 'nope'], /http:\/\/127/],
  ['--pid without --url', ['run', '--pid', '1'], /without --url/],
  ['--url where nothing listens', ['run', '--url', 'http://127.0.0.1:1'], /none .* listens/],
  ['--url on another machine', ['run', '--url', 'http://192.0.2.1:80'], /not this machine/],
  ['a leak for a foreign gateway', ['run', '--leak', 'listener', '--', 'true'], /reference/],
  ['a host off loopback without a token', ['mocks', '--host', '0.0.0.0'], /Set LEAKBED_TOKEN/],
  [
    'an address that is none',
    ['mocks', '--also-on', '80'],
    /Give an address such as 0\.0\.0\.0:80/,
  ],
  ['an upstream that is none', ['mocks', '--upstream', 'nope'], /Give a URL/],
  ['a place for the CA that is none', ['mocks', '--ca-out', '/nosuch/a'], /--ca-out \/nosuch\/a/],
  ['a plan that is missing', ['mocks', '--plan', '/nosuch/plan.json'], /\/nosuch\/plan\.json/],
  ['a run that is missing', ['analyze', '/nosuch/run'], /\/nosuch\/run/],
];

for (const [title, args, says] of wrong) {
  test(`${title} is one sentence and exit code 254`, async (t) => {
    const { code, stdout, stderr } = await runCommandLine(t, args);
    t.equal(code, 254);
    t.match(stderr, says);
    t.ok(isOneError(stderr), stderr);
    t.equal(stdout, '');
  });
}

test('a matrix that cannot start is one JSON document with its outcome', async (t) => {
  const { code, stdout } = await runCommandLine(t, ['matrix', '--json', '--fault', 'nosuch']);
  t.equal(code, 254);
  t.match(JSON.parse(stdout), { outcome: 'inconclusive', error: /"nosuch"/ });
});

test('a matrix of a gateway that runs asks the fakes that were named', async (t) => {
  const gateway = createServer().listen(0, '127.0.0.1');
  t.teardown(() => gateway.close());
  await once(gateway, 'listening');
  const { port } = gateway.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const out = await freshOut(t);
  const where = ['--url', url, '--mocks', 'http://127.0.0.1:1', '--out', out];
  const { code, stdout, stderr } = await runCommandLine(t, ['matrix', '--json', ...where]);
  t.equal(code, 254);
  t.match(stderr, /Cannot reach the fake providers at http:\/\/127\.0\.0\.1:1/);
  t.match(JSON.parse(stdout), { outcome: 'inconclusive', error: /uses no provider/ });
});

test('a plan that is not JSON names the file and the place', async (t) => {
  const file = join(await freshOut(t), 'plan.json');
  await writeFile(file, '{nope');
  const { code, stderr } = await runCommandLine(t, ['mocks', '--plan', file]);
  t.equal(code, 254);
  t.match(stderr, /plan\.json: .*position 1/);
  t.ok(isOneError(stderr), stderr);
});

test('a plan with three problems is refused with all three', async (t) => {
  const file = join(await freshOut(t), 'plan.json');
  const faults = [
    { fault: 'nosuch' },
    { fault: 'truncate', options: { at: 'banana' } },
    { fault: 'slow', options: { colour: 'red' } },
  ];
  await writeFile(file, JSON.stringify({ faults }));
  const { code, stderr } = await runCommandLine(t, ['mocks', '--plan', file]);
  t.equal(code, 254);
  for (const problem of ['nosuch', 'banana', 'colour']) t.match(stderr, problem);
  t.ok(isOneError(stderr), stderr);
});

test('a port in use is told with the way out', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const { code, stderr } = await runCommandLine(t, ['mocks', '--port', String(port)]);
  t.equal(code, 254);
  t.match(stderr, `127.0.0.1:${port}: the port is in use. Choose another with --port`);
  t.ok(isOneError(stderr), stderr);
});

for (const folder of ['/proc/runs', `${process.execPath}/runs`]) {
  test(`the output folder ${folder} is refused before anything starts`, async (t) => {
    const { code, stderr } = await runCommandLine(t, ['run', '--out', folder]);
    t.equal(code, 254);
    t.match(stderr, `Cannot write the run record to ${folder}`);
    t.notMatch(stderr, 'set-up');
    t.ok(isOneError(stderr), stderr);
  });
}

test('a right command line ends with 0 and answers on stdout alone', async (t) => {
  const { code, stdout, stderr } = await runCommandLine(t, ['faults', 'truncate', '--json']);
  t.equal(code, 0);
  t.match(JSON.parse(stdout), [{ name: 'truncate' }]);
  t.equal(stderr, '');
});

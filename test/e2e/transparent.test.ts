// Transparent mode on one machine: a program that knows nothing of leakbed finds the fakes under
// the real host names, credentials included, and nothing is left of its network afterwards.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import {
  isOneError,
  runCommandLine,
  startCommandLine,
  survivors,
} from '../fixtures/command-line.ts';
import { withoutClouds } from '../fixtures/without-clouds.ts';

const program = fileURLToPath(new URL('transparent/aws.mjs', import.meta.url));
const entry = fileURLToPath(new URL('../../harness/cli/leakbed.mjs', import.meta.url));
/** The guard gives SIGTERM one second, and a loaded machine is slow. */
const goneMs = 10_000;

const asRoot = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
const isAble = spawnSync('unshare', [...asRoot, '--net', '--mount', 'true']).status === 0;
const needed = isAble ? {} : { skip: 'namespaces: unshare is refused here' };

test('the AWS SDK told a region alone gets credentials and its answer', needed, async (t) => {
  const env = await withoutClouds(t);
  const { code, stdout, stderr } = await runCommandLine(t, transparent(process.execPath, program), {
    env,
  });
  t.equal(code, 0, stderr);
  t.strictSame(JSON.parse(stdout), { bytes: 960, credentials: 'ASIA' });
});

test('the same program fails without transparent mode', async (t) => {
  const env = { ...process.env, ...(await withoutClouds(t)) };
  const { status, stdout } = spawnSync(process.execPath, [program], { encoding: 'utf8', env });
  t.not(status, 0);
  t.equal(stdout, '');
});

test('names are hidden from nobody outside, and curl trusts the CA inside', needed, async (t) => {
  const hosts = readFileSync('/etc/hosts', 'utf8');
  const curl = ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code} %{remote_ip}'];
  const url = 'https://sts.eu-central-1.amazonaws.com/';
  const env = await withoutClouds(t);
  const { code, stdout } = await runCommandLine(t, transparent(...curl, url), { env });
  t.equal(code, 0);
  t.match(stdout, /^\d{3} 127\.0\.0\.1$/);
  t.equal(readFileSync('/etc/hosts', 'utf8'), hosts);
});

test("the command's exit code is leakbed's, whether it ends or is killed", needed, async (t) => {
  const env = await withoutClouds(t);
  const ended = await runCommandLine(t, transparent('sh', '-c', 'exit 7'), { env });
  t.equal(ended.code, 7);
  const killed = await runCommandLine(t, transparent('sh', '-c', 'kill -9 $$'), { env });
  t.equal(killed.code, 137);
});

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`${signal} to leakbed leaves no process and no network behind`, needed, async (t) => {
    const env = await withoutClouds(t);
    const started = startCommandLine(t, transparent('sh', '-c', 'echo up >&2; sleep 1000'), {
      env,
    });
    await started.untilSaid(/^up$/m);
    const network = networkOf(started.pid);
    t.not(network, networkOf(process.pid));
    const inside = processesIn(network);
    t.ok(inside.length >= 2, 'leakbed and its command are in it');
    started.signal(signal);
    await started.ended;
    t.strictSame(await survivors(inside, goneMs), []);
    t.strictSame(processesIn(network), []);
  });
}

test('who may not make namespaces is told why and what to do', needed, async (t) => {
  // Root in a user namespace of its own, without the one right that unshare needs.
  const rightless = ['setpriv', '--bounding-set=-sys_admin', process.execPath, entry];
  const args = ['--user', '--map-root-user', ...rightless, ...transparent('true')];
  const { status, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  t.equal(status, 254);
  t.match(stderr, /Operation not permitted.*Run leakbed as root.*compose\.yaml/);
  t.ok(isOneError(stderr), stderr);
});

test('a machine without unshare is told what to install', async (t) => {
  const env = { ...(await withoutClouds(t)), PATH: '/nosuch' };
  const { code, stderr } = await runCommandLine(t, transparent('true'), { env });
  t.equal(code, 254);
  t.match(stderr, /there is no "unshare"\. Install util-linux/);
  t.ok(isOneError(stderr), stderr);
});

for (const [title, args, says] of [
  ['mocks without a command', ['mocks', '--transparent'], /Add -- COMMAND/],
  ['a running gateway', ['run', '--transparent', '--pid', '1', '--url', 'http://[::1]'], /--pid/],
  ['an address alone', ['run', '--transparent', '--url', 'http://127.0.0.1:8080'], /--url without/],
  ['foreign fakes', ['run', '--transparent', '--mocks', 'http://127.0.0.1:1'], /--mocks/],
] as const) {
  test(`--transparent with ${title} is refused`, async (t) => {
    const { code, stderr } = await runCommandLine(t, args);
    t.equal(code, 254);
    t.match(stderr, says);
  });
}

function transparent(...command: readonly string[]): readonly string[] {
  return ['mocks', '--transparent', '--seed', '1', '--', ...command];
}

function networkOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return 'gone';
  }
}

function processesIn(network: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => networkOf(pid) === network);
}

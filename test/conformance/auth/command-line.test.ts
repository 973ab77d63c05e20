// `leakbed mocks --auth verify --tls` as a user starts it: what it prints is enough for the AWS SDK
// in another process to reach it over TLS with credentials from its default chain.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Test, test } from 'tap';

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(import.meta.resolve(relative));
const leakbed = path('../../../harness/cli/leakbed.mjs');
const client = path('../../fixtures/default-chain-client.ts');

test('the SDK over TLS and HTTP/2 is let in with the printed variables, and only so', async (t) => {
  const home = await homeFolder(t);
  const ready = await startCommand(t, home, ['--auth', 'verify', '--tls']);
  t.equal(ready.tlsUrl, ready.url.replace('http:', 'https:'));
  t.equal(ready.caFile, join(home, 'state/leakbed/ca/ca.pem'));
  const ask = async (environment: Readonly<Record<string, string>>) => {
    const env = { HOME: home, PATH: process.env.PATH, ...environment };
    return JSON.parse((await run(process.execPath, [client, ready.tlsUrl], { env })).stdout);
  };
  t.same(await ask(ready.env), { stopReason: 'end_turn', kind: 'ASIA' });
  const { NODE_EXTRA_CA_CERTS: _, ...untrusting } = ready.env;
  t.match(await ask(untrusting), { message: /unable to verify|self-signed/ });
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDUNKNOWNEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
  t.match(await ask({ ...ready.env, ...keys }), { name: 'UnrecognizedClientException' });
});

test('without --tls there is no TLS URL and no CA is made', async (t) => {
  const ready = await startCommand(t, await homeFolder(t), []);
  t.notOk('tlsUrl' in ready);
  t.notOk('caFile' in ready);
  t.notOk('NODE_EXTRA_CA_CERTS' in ready.env);
});

test('accounts that cannot be used end the command, and no secret is shown', async (t) => {
  const accounts = '[{"arn":"gateway","accessKeys":[{"id":"x","secret":"hush"}]}]';
  const env = { PATH: process.env.PATH, LEAKBED_ACCOUNTS: accounts };
  const failed = run(process.execPath, [leakbed, 'mocks', '--port', '0'], { env });
  const { code, stderr } = await failed.then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
  t.equal(code, 254);
  t.match(stderr, 'Cannot use the accounts of LEAKBED_ACCOUNTS: /0/arn');
  t.notMatch(stderr, 'hush');
});

async function startCommand(t: Test, home: string, flags: readonly string[]) {
  const child = spawn(process.execPath, [leakbed, 'mocks', '--port', '0', '--json', ...flags], {
    env: { HOME: home, PATH: process.env.PATH, XDG_STATE_HOME: join(home, 'state') },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  });
  const [line] = await once(child.stdout, 'data');
  return JSON.parse(String(line));
}

async function homeFolder(t: Test): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'leakbed-home-'));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  return home;
}

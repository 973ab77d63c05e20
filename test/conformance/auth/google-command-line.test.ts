// `leakbed mocks --auth verify` as a user starts it: the credential files it prints are for their
// owner's eyes only, let the SDK in, and are gone when it has ended.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Test, test } from 'tap';

const run = promisify(execFile);
const path = (relative: string) => fileURLToPath(import.meta.resolve(relative));
const leakbed = path('../../../harness/cli/leakbed.mjs');
const client = path('../../fixtures/genai-client.ts');

test('with the printed variables the SDK is let in, without them it finds nothing', async (t) => {
  const { home, ready, stop } = await startCommand(t, ['--auth', 'verify']);
  const ask = async (environment: Readonly<Record<string, string>>) => {
    const env = { HOME: home, PATH: process.env.PATH, ...environment };
    return (await run(process.execPath, [client, ready.url], { env })).stdout;
  };
  t.equal(await ask(ready.env), '20');
  const { GOOGLE_APPLICATION_CREDENTIALS: _, ...fromMetadata } = ready.env;
  t.equal(await ask(fromMetadata), '20', 'then from the metadata server');
  t.match(await ask({ METADATA_SERVER_DETECTION: 'none' }), /default credentials/);
  await stop();
});

test('credential files are 0600 in a folder that is 0700, and go with the command', async (t) => {
  const { home, ready, stop } = await startCommand(t, ['--auth', 'verify']);
  const files: readonly string[] = Object.values(ready.googleFiles);
  t.equal(files.length, 5);
  for (const file of files) {
    t.equal((await stat(file)).mode & 0o777, 0o600, file);
    t.equal((await stat(join(file, '..'))).mode & 0o777, 0o700);
    t.ok(JSON.parse(await readFile(file, 'utf8')).type);
  }
  const account = JSON.parse(await readFile(ready.googleFiles.serviceAccount, 'utf8'));
  t.equal(account.token_uri, `${ready.url}/token`);
  const said = await stop();
  t.notOk(said.includes('PRIVATE KEY') || said.includes('eyJ'), 'no secret was said');
  t.same(await readdir(join(home, 'state/leakbed/google')), ['service-account-key.pem']);
});

test('the key is kept, so a token of one start is good for the next', async (t) => {
  const first = await startCommand(t, ['--auth', 'verify']);
  const token = await metadataToken(first.ready.url);
  await first.stop();
  const second = await startCommand(t, ['--auth', 'verify'], first.home);
  const headers = { authorization: `Bearer ${token}` };
  t.equal((await fetch(`${second.ready.url}/v1/projects/p/locations`, { headers })).status, 200);
  t.equal((await fetch(`${second.ready.url}/v1/projects/p/locations`)).status, 401);
  await second.stop();
});

test('Google accounts that cannot be used end the command, and no secret is shown', async (t) => {
  const accounts = '{"accounts":[{"name":"gateway","apiKeys":[{"key":"hush"}]}]}';
  const env = { PATH: process.env.PATH, LEAKBED_GOOGLE_ACCOUNTS: accounts };
  const failed = await run(process.execPath, [leakbed, 'mocks', '--port', '0'], { env }).catch(
    (error: { code: number; stderr: string }) => error,
  );
  t.match(failed, {
    code: 254,
    stderr: 'the accounts of LEAKBED_GOOGLE_ACCOUNTS: /accounts/0/name',
  });
  t.notMatch(failed.stderr, 'hush');
});

async function metadataToken(url: string): Promise<string> {
  const headers = { 'Metadata-Flavor': 'Google' };
  const path = `${url}/computeMetadata/v1/instance/service-accounts/default/token`;
  const body = (await (await fetch(path, { headers })).json()) as { access_token: string };
  return body.access_token;
}

async function startCommand(t: Test, flags: readonly string[], known?: string) {
  const home = known ?? (await mkdtemp(join(tmpdir(), 'leakbed-home-')));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  const args = [leakbed, 'mocks', '--port', '0', '--json', ...flags];
  const env = { HOME: home, PATH: process.env.PATH, XDG_STATE_HOME: join(home, 'state') };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      said += data;
    });
  }
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const stop = async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    return said;
  };
  return { home, ready: JSON.parse(String(line)), stop };
}

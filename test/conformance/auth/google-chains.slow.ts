// Every client of Vertex AI with every kind of credential, offline: Node, Python and Go in
// processes of their own find them by their default chain, and are let in under --auth verify; with
// a key that the fake does not know they are not. Python and Go are set up once, and skipped by
// name where their registry cannot be reached.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { trustEnvironment } from '../../../harness/subjects/trust-environment.ts';
import { exampleKey } from '../../../mocks/auth/accounts.ts';
import {
  type CredentialFiles,
  writeCredentialFiles,
} from '../../../mocks/auth/google/credential-files.ts';
import {
  defaultDirectory,
  exampleGoogleKey,
  gatewayEmail,
} from '../../../mocks/auth/google/directory.ts';
import type { SigningKey } from '../../../mocks/auth/google/signing-key.ts';
import { identityEnvironment } from '../../../mocks/auth/identity-endpoints.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { openAuthority } from '../../../mocks/tls/authority.ts';
import { connectProxy } from '../../fixtures/connect-proxy.ts';
import { googleMocks, key, strangeKey } from '../../fixtures/google-mocks.ts';
import { install, python, type Recipe } from '../clients/install.ts';

/** Each language asks nine times in processes of its own, and the first run installs. */
const patient = { timeout: 600_000 };

type Environment = Readonly<Record<string, string>>;

interface Chain {
  readonly environment: Environment;
  readonly apiKey?: string;
}

const here = (name: string) => new URL(name, import.meta.url);
const path = (name: string) => fileURLToPath(here(name));

const goModule = path('./google-clients/go');
const inGo: Recipe = {
  name: 'google-chains',
  locks: ['main.go', 'go.mod', 'go.sum'].map((name) => here(`./google-clients/go/${name}`)),
  commands: (folder) => [
    ['go', 'build', '-C', goModule, '-trimpath', '-o', join(folder, 'ask'), '.'],
  ],
  program: (folder) => join(folder, 'ask'),
};

const languages: Readonly<
  Record<string, readonly [Recipe | undefined, readonly string[], readonly string[]]>
> = {
  Node: [
    undefined,
    [path('../../fixtures/google-chain-client.ts')],
    ['aiplatform gRPC', 'aiplatform REST', 'genai 2', 'genai 3', 'genai 3 Live', 'vertexai'],
  ],
  Python: [
    python(here('../vertex/clients/python/aiplatform.txt')),
    [path('./google-clients/chains.py')],
    ['aiplatform REST', 'aiplatform gRPC', 'genai'],
  ],
  Go: [inGo, [], ['genai', 'oauth2']],
};

for (const [language, [recipe, args, clients]] of Object.entries(languages)) {
  test(`${language}: every client is let in with every kind of credential`, patient, async (t) => {
    const installed = recipe && (await install(recipe));
    if (installed?.reason !== undefined) return t.pass(language, { skip: installed.reason });
    const program = installed?.program ?? process.execPath;
    const { mocks, ask, files } = await offlineWorld(t, [program, ...args]);
    for (const [name, chain] of Object.entries(await chainsOf(t, mocks, files))) {
      const outcomes = await ask(chain);
      const wanted = chain.apiKey === undefined ? clients : clients.filter(takesApiKey);
      t.same(outcomes, Object.fromEntries(wanted.map((client) => [client, 20])), name);
      t.comment(`${language}, ${name}: ${wanted.join(', ')}`);
    }
  });

  test(`${language}: what was not issued here is refused`, patient, async (t) => {
    const installed = recipe && (await install(recipe));
    if (installed?.reason !== undefined) return t.pass(language, { skip: installed.reason });
    const program = installed?.program ?? process.execPath;
    const { mocks, ask, files } = await offlineWorld(t, [program, ...args], strangeKey);
    const { 'service account': account, 'external account, file': external } = await chainsOf(
      t,
      mocks,
      files,
    );
    const reasons = /invalid_grant|Invalid JWT Signature|\b401\b|^16 |GoogleAuthError/;
    for (const chain of [account, external]) {
      const outcomes = Object.entries(chain === undefined ? {} : await ask(chain));
      t.same(outcomes.map(([name]) => name).sort(), [...clients].sort());
      for (const [name, outcome] of outcomes) t.match(String(outcome), reasons, name);
    }
    const badKey = await ask({ environment: {}, apiKey: 'nonsense' });
    for (const [name, outcome] of Object.entries(badKey)) {
      t.match(String(outcome), /API key not valid|\b400\b/, name);
    }
    t.ok(mocks.journal.since(0).every(({ ending }) => ending === 'refused'));
  });
}

/** The older client of Node has no option for one. */
const takesApiKey = (client: string) => client !== 'vertexai';

/** Credential files signed with this key, and one way to ask with them. */
async function offlineWorld(t: Test, command: readonly string[], signer: SigningKey = key) {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-chains-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const authority = await openAuthority({ folder: join(folder, 'ca'), now: new Date() });
  const { mocks } = await googleMocks(t, defaultDirectory, { authority });
  const { url, tlsUrl = '' } = mocks;
  const directory = defaultDirectory;
  const files = await writeCredentialFiles({
    folder,
    url,
    key: signer,
    directory,
    now: new Date(),
  });
  const ask = async ({
    environment,
    apiKey,
  }: Chain): Promise<Readonly<Record<string, unknown>>> => {
    const [program = '', ...args] = command;
    const extra = apiKey === undefined ? [] : [apiKey];
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      GOOGLE_CLOUD_PROJECT: 'leakbed',
      ...trustEnvironment(authority.caFile),
      ...environment,
    };
    return await run(program, [...args, tlsUrl, ...extra], env);
  };
  return { mocks, files, ask, folder };
}

async function chainsOf(
  t: Test,
  { url, port }: Mocks,
  files: CredentialFiles,
): Promise<Readonly<Record<string, Chain>>> {
  const proxy = await connectProxy(t, port);
  const from = (file: string, more: Environment = {}) => ({
    environment: { GOOGLE_APPLICATION_CREDENTIALS: file, ...more },
  });
  const aws = { AWS_ACCESS_KEY_ID: exampleKey.id, AWS_SECRET_ACCESS_KEY: exampleKey.secret };
  return {
    // Clients in JavaScript ask oauth2.googleapis.com, whatever the file says.
    'service account': from(files.serviceAccount, { HTTPS_PROXY: proxy, NO_PROXY: '127.0.0.1' }),
    "a user's": from(files.authorizedUser, { HTTPS_PROXY: proxy, NO_PROXY: '127.0.0.1' }),
    'external account, file': from(files.externalAccount),
    'external account, URL': from(files.externalAccountUrl),
    'external account, AWS': from(files.externalAccountAws),
    'external account, AWS key': from(files.externalAccountAws, {
      ...aws,
      AWS_REGION: 'us-east-1',
    }),
    'external account, impersonating': from(await impersonating(files, url)),
    'metadata server': { environment: identityEnvironment(url) },
    'API key': { environment: {}, apiKey: exampleGoogleKey },
  };
}

async function impersonating(files: CredentialFiles, url: string): Promise<string> {
  const file = files.externalAccount.replace('.json', '-impersonating.json');
  const account = JSON.parse(await readFile(files.externalAccount, 'utf8'));
  const target = `${url}/v1/projects/-/serviceAccounts/${gatewayEmail}:generateAccessToken`;
  const text = JSON.stringify({ ...account, service_account_impersonation_url: target });
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, unknown>>> {
  const { promise, resolve, reject } = Promise.withResolvers<Readonly<Record<string, unknown>>>();
  const child = spawn(program, args, { env, timeout: 90_000 });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    said.stdout += data;
  });
  child.stderr.on('data', (data) => {
    said.stderr = `${said.stderr}${data}`.slice(-2000);
  });
  child.on('error', reject);
  child.on('close', (code) => {
    // What SDKs have to say comes before it.
    const last = said.stdout.trim().split('\n').at(-1) ?? '';
    if (last.startsWith('{')) resolve(JSON.parse(last));
    else reject(new Error(`${program} ended with ${code}: ${said.stderr}`));
  });
  return promise;
}

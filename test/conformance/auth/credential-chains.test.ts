// The AWS SDK's default credential chain, offline: a process that has no credentials of its own
// and an empty home folder gets them from the mocks, and is let in with them under --auth verify.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Test, test } from 'tap';
import { exampleKey } from '../../../mocks/auth/accounts.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';

type Environment = Readonly<Record<string, string>>;

/** How each chain is set up, given the mocks and an empty home folder. */
const chains: Readonly<Record<string, (url: string, home: string) => Promise<Environment>>> = {
  'container credentials (ECS)': async (url) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v2/credentials/leakbed`,
  }),
  'EKS Pod Identity': async (url, home) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await written(home, 'token', 'service account token'),
  }),
  'instance metadata': async (url) => ({
    AWS_EC2_METADATA_DISABLED: 'false',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
  }),
  'AssumeRole from the config file': async (url, home) => {
    await written(
      home,
      '.aws/config',
      '[default]\nrole_arn = arn:aws:iam::123456789012:role/gateway\nsource_profile = base\n',
    );
    const { id, secret } = exampleKey;
    const keys = `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
    await written(home, '.aws/credentials', `[base]\n${keys}`);
    return { AWS_ENDPOINT_URL_STS: url };
  },
  'web identity': async (url, home) => ({
    AWS_ENDPOINT_URL_STS: url,
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/gateway',
    AWS_WEB_IDENTITY_TOKEN_FILE: await written(home, 'jwt', webToken),
  }),
};

for (const [chain, setUp] of Object.entries(chains)) {
  test(`${chain}: temporary credentials are found and let in`, async (t) => {
    const mocks = await verifyingMocks(t);
    const home = await homeFolder(t);
    const answer = await askFrom(mocks, home, await setUp(mocks.url, home));
    t.same(answer, { stopReason: 'end_turn', kind: 'ASIA' });
    t.match(mocks.journal.since(0), [{ ending: 'complete' }]);
  });
}

test('AssumeRole with a wrong secret fails with SignatureDoesNotMatch, and nothing is asked', async (t) => {
  const mocks = await verifyingMocks(t);
  const home = await homeFolder(t);
  const environment = await chains['AssumeRole from the config file']?.(mocks.url, home);
  const keys = `aws_access_key_id = ${exampleKey.id}\naws_secret_access_key = wrong\n`;
  await written(home, '.aws/credentials', `[base]\n${keys}`);
  t.match(await askFrom(mocks, home, environment ?? {}), { name: /SignatureDoesNotMatch/ });
  t.same(mocks.journal.since(0), []);
});

test('without any of them the chain finds nothing', async (t) => {
  const mocks = await verifyingMocks(t);
  const answer = await askFrom(mocks, await homeFolder(t), {});
  t.match(answer, { name: 'CredentialsProviderError' });
});

test('with --auth off the same chains give credentials too', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 3 });
  t.teardown(() => mocks.close());
  const home = await homeFolder(t);
  const setUp = chains['AssumeRole from the config file'];
  const answer = await askFrom(mocks, home, (await setUp?.(mocks.url, home)) ?? {});
  t.same(answer, { stopReason: 'end_turn', kind: 'ASIA' });
});

const run = promisify(execFile);
const program = fileURLToPath(import.meta.resolve('../../fixtures/default-chain-client.ts'));
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { iss: 'https://issuer.example', sub: 'pod', aud: 'sts.amazonaws.com' };
const webToken = `${encode({ alg: 'none' })}.${encode(claims)}.signature`;

async function askFrom(mocks: Mocks, home: string, environment: Environment) {
  const env = {
    HOME: home,
    PATH: process.env.PATH,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...environment,
  };
  const { stdout } = await run(process.execPath, [program, mocks.url], { env });
  return JSON.parse(stdout);
}

async function verifyingMocks(t: Test): Promise<Mocks> {
  const mocks = await startMocks({ port: 0, seed: 3, auth: 'verify' });
  t.teardown(() => mocks.close());
  return mocks;
}

async function homeFolder(t: Test): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'leakbed-chain-'));
  t.teardown(() => rm(home, { recursive: true, force: true }));
  await mkdir(join(home, '.aws'));
  return home;
}

async function written(home: string, name: string, text: string): Promise<string> {
  const file = join(home, name);
  await writeFile(file, text);
  return file;
}

// The certificate authority: what it leaves on disk, that it is made once, and that its
// certificates hold by OpenSSL's strict rules, for the names they were made for and no others.

import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Test, test } from 'tap';
import { authorityFolder, openAuthority } from '../../../mocks/tls/authority.ts';
import { hostNames } from '../../../mocks/tls/host-names.ts';

const run = promisify(execFile);
const now = new Date();

test('the key is for its owner only, the certificate for everybody', async (t) => {
  const folder = await stateFolder(t);
  const { caFile } = await openAuthority({ folder, now });
  t.equal(caFile, join(folder, 'ca.pem'));
  t.same((await readdir(folder)).sort(), ['ca-key.pem', 'ca.pem']);
  const mode = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);
  t.equal(await mode(join(folder, 'ca-key.pem')), '600');
  t.equal(await mode(folder), '700');
  t.notMatch(await readFile(caFile, 'utf8'), 'PRIVATE');
});

test('the second use takes the same CA, and so do twelve first uses at once', async (t) => {
  const folder = await stateFolder(t);
  const opened = await Promise.all(
    Array.from({ length: 12 }, () => openAuthority({ folder, now })),
  );
  const later = await openAuthority({ folder, now });
  t.equal(new Set([...opened, later].map(({ caPem }) => caPem)).size, 1);
  t.same((await readdir(folder)).sort(), ['ca-key.pem', 'ca.pem'], 'no drafts are left');
  const ca = new X509Certificate(later.caPem);
  for (const authority of opened) {
    const leaf = new X509Certificate(authority.issue(['localhost']).pem);
    t.ok(leaf.verify(ca.publicKey), 'signed by the one CA');
  }
});

test('a CA near its end is replaced, one that still holds is kept', async (t) => {
  const folder = await stateFolder(t);
  const first = await openAuthority({ folder, now });
  const years = (count: number) => new Date(now.getTime() + count * 365 * 86_400_000);
  t.equal((await openAuthority({ folder, now: years(8) })).caPem, first.caPem);
  const second = await openAuthority({ folder, now: years(9.5) });
  t.not(second.caPem, first.caPem);
  t.equal(await readFile(second.caFile, 'utf8'), second.caPem);
});

test('a key that others can read is refused', async (t) => {
  const folder = await stateFolder(t);
  await openAuthority({ folder, now });
  await chmod(join(folder, 'ca-key.pem'), 0o640);
  await t.rejects(openAuthority({ folder, now }), {
    message: /^Cannot trust the CA key .*ca-key\.pem: others can read it \(mode 640\)\./,
  });
});

test("OpenSSL verifies a server's certificate strictly, for its own names only", async (t) => {
  const folder = await stateFolder(t);
  const authority = await openAuthority({ folder, now });
  const leaf = join(folder, 'leaf.pem');
  await writeFile(leaf, authority.issue(hostNames(['mocks', '10.1.2.3', 'fd00::1:2'])).pem);
  const verify = (...options: string[]) =>
    run('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      authority.caFile,
      ...options,
      leaf,
    ]);
  const good = [
    ['-verify_hostname', 'localhost'],
    ['-verify_hostname', 'mocks'],
    ['-verify_hostname', 'bedrock-runtime.eu-west-1.amazonaws.com'],
    ['-verify_hostname', 'sts.amazonaws.com'],
    ['-verify_hostname', 'us-central1-aiplatform.googleapis.com'],
    ['-verify_ip', '127.0.0.1'],
    ['-verify_ip', '::1'],
    ['-verify_ip', '10.1.2.3'],
    ['-verify_ip', 'fd00::1:2'],
  ];
  for (const name of good) t.match((await verify(...name)).stdout, /leaf\.pem: OK/, name.join(' '));
  for (const name of [
    ['-verify_hostname', 'example.com'],
    ['-verify_hostname', 'bedrock-runtime.amazonaws.com.example.com'],
    ['-verify_ip', '127.0.0.2'],
  ]) {
    await t.rejects(verify(...name), /mismatch/, name.join(' '));
  }
});

test('another CA does not verify it', async (t) => {
  const [one, other] = [await stateFolder(t), await stateFolder(t)];
  const leaf = (await openAuthority({ folder: one, now })).issue(['localhost']).pem;
  const ca = new X509Certificate((await openAuthority({ folder: other, now })).caPem);
  t.notOk(new X509Certificate(leaf).verify(ca.publicKey));
});

test("the CA lives in the user's state folder", async (t) => {
  t.equal(authorityFolder({ XDG_STATE_HOME: '/state' }), '/state/leakbed/ca');
  t.match(authorityFolder({}), /\/\.local\/state\/leakbed\/ca$/);
});

async function stateFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-ca-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

// Signatures of real clients, caught and sent again byte for byte: as they were they must pass, and
// with any one byte changed they must be refused by the exception that fits.

import { type Test, test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { defaultIdentities, exampleKey } from '../../../mocks/auth/accounts.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  bytesOf,
  type CapturedRequest,
  captureHttp1,
  captureHttp2,
  replay,
} from '../../fixtures/captured-request.ts';
import { mutate } from '../../fixtures/signature-mutation.ts';
import { ask, askAnthropic, askHttp1, presigned } from '../../fixtures/signed-clients.ts';

const mutations = 200;

const temporary = {
  accessKeyId: 'ASIALEAKBEDSESSIONKEY',
  secretAccessKey: 'secret of the session',
  sessionToken: 'TokenOfTheSession/ThatIsSignedToo+1234567890==',
};

const clients: Readonly<Record<string, () => Promise<CapturedRequest>>> = {
  'the AWS SDK over HTTP/2': () => captureHttp2((url) => ask(url)),
  'the AWS SDK over HTTP/1.1': () => captureHttp1((url) => askHttp1(url)),
  'the AWS SDK with a session token': () =>
    captureHttp1((url) => askHttp1(url, { credentials: temporary })),
  'the Anthropic SDK': () => captureHttp1((url) => askAnthropic(url)),
  "AWS's presigner": () => presigned('127.0.0.1:4010'),
  "AWS's presigner with a session token": () =>
    presigned('127.0.0.1:4010', { credentials: temporary }),
};

for (const [client, capture] of Object.entries(clients)) {
  test(`${client}: the signature passes, ${mutations} changes of one byte do not`, async (t) => {
    const mocks = await verifyingMocks(t);
    const request = await capture();
    t.equal((await replay(request, mocks)).status, 200, 'unchanged');
    const rng = seededRng(7).fork(client);
    const seen = new Set<string>();
    for (let index = 0; index < mutations; index++) {
      const { what, request: changed, errorType } = mutate(request, rng.fork(String(index)));
      const reply = await replay(changed, mocks);
      seen.add(what.split(' at ')[0] ?? '');
      if (reply.status === 403 && reply.errorType === errorType) continue;
      t.fail(`${index}: ${what}: ${reply.status} ${reply.errorType}, not 403 ${errorType}`);
      t.comment(bytesOf(changed).toString('latin1'));
    }
    t.ok(seen.size >= 7, `places changed: ${[...seen].join(', ')}`);
    const refused = mocks.journal.since(0).filter(({ ending }) => ending === 'refused');
    t.equal(refused.length, mutations, 'every refusal is in the journal');
    t.equal((await replay(request, mocks)).status, 200, 'unchanged, after all that');
  });
}

test('with --auth off the credentials are not read', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 3 });
  t.teardown(() => mocks.close());
  const request = await captureHttp1((url) => askHttp1(url));
  const headers = request.headers.map(([name, value]): [string, string] => [
    name,
    name.toLowerCase() === 'authorization' ? 'nonsense' : value,
  ]);
  t.equal((await replay({ ...request, headers }, mocks)).status, 200);
});

test('a header that is not signed may change', async (t) => {
  const mocks = await verifyingMocks(t);
  const request = await captureHttp1((url) => askHttp1(url));
  const headers = request.headers.map(([name, value]): [string, string] => [
    name,
    name.toLowerCase() === 'user-agent' ? `${value} proxied` : value,
  ]);
  t.notSame(headers, request.headers);
  t.equal((await replay({ ...request, headers }, mocks)).status, 200);
});

async function verifyingMocks(t: Test): Promise<Mocks> {
  const key = {
    id: temporary.accessKeyId,
    secret: temporary.secretAccessKey,
    sessionToken: temporary.sessionToken,
  };
  const [user, ...others] = defaultIdentities;
  if (user === undefined) throw new Error('There is no default user.');
  const identities = [{ ...user, accessKeys: [exampleKey, key] }, ...others];
  const mocks = await startMocks({ port: 0, seed: 3, auth: 'verify', identities });
  t.teardown(() => mocks.close());
  return mocks;
}

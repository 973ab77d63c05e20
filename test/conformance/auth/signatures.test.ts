// Signatures of the clients that are installed here, caught and changed by a byte. Those of all the
// clients of the table, with every operation they know, are in signatures.slow.ts.

import { type Test, test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { defaultIdentities, exampleKey } from '../../../mocks/auth/accounts.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  type CapturedRequest,
  captureHttp1,
  captureHttp2,
  replay,
} from '../../fixtures/captured-request.ts';
import { ask, askAi, askAnthropic, askHttp1, presigned } from '../../fixtures/signed-clients.ts';
import { checkMutations, mutations } from './check-mutations.ts';

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
  'the AI SDK': () => captureHttp1((url) => askAi(url)),
  "AWS's presigner": () => presigned('127.0.0.1:4010'),
  "AWS's presigner with a session token": () =>
    presigned('127.0.0.1:4010', { credentials: temporary }),
};

for (const [client, capture] of Object.entries(clients)) {
  test(`${client}: the signature passes, ${mutations} changes of one byte do not`, async (t) => {
    const mocks = await verifyingMocks(t);
    await checkMutations(t, mocks, [await capture()], seededRng(7).fork(client));
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

// Signatures of every client of Bedrock's table: all that each asks over HTTP/1.1 is kept by a
// relay in front of the mocks, and sent again, changed by a byte. A client that cannot be installed
// here is skipped by its name.

import { type Test, t, test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { exampleKey } from '../../../mocks/auth/accounts.ts';
import { startMocks } from '../../../mocks/server.ts';
import { openAuthority } from '../../../mocks/tls/authority.ts';
import { type CapturedRequest, replay } from '../../fixtures/captured-request.ts';
import { startRelay } from '../../fixtures/recorded-requests.ts';
import { clients } from '../bedrock/clients/clients.ts';
import type { BedrockDoor } from '../bedrock/clients/suites/bedrock.ts';
import type { Client } from '../clients/client.ts';
import { install } from '../clients/install.ts';
import { runSuite } from '../clients/run-table.ts';
import { checkChain } from './check-chain.ts';
import { checkMutations, mutations } from './check-mutations.ts';

const limitMs = 600_000;
t.setTimeout(limitMs);

test('every client of Bedrock', { timeout: limitMs }, async (t) => {
  // Nobody speaks TLS here, but suites want a file to read.
  const { caFile } = await openAuthority({ folder: t.testdir(), now: new Date() });
  for (const client of clients) {
    const installed = await install(client.recipe);
    const skip = installed.reason ?? false;
    const claim = `${client.name}: what it signs passes, ${mutations} changes of one byte do not`;
    await t.test(claim, { skip }, async (t) => {
      if (installed.reason === undefined) await checkClient(t, client, { ...installed, caFile });
    });
  }
});

async function checkClient(
  t: Test,
  client: Client,
  place: { readonly folder: string; readonly program: string; readonly caFile: string },
): Promise<void> {
  const mocks = await startMocks({ port: 0, seed: 3, auth: 'verify' });
  t.teardown(() => mocks.close());
  const relay = await startRelay(mocks);
  t.teardown(() => relay.close());
  const door: BedrockDoor = {
    name: 'http verified',
    url: relay.url,
    journalUrl: `${mocks.url}/__leakbed/journal`,
    verifies: true,
    accessKeyId: exampleKey.id,
    secretAccessKey: exampleKey.secret,
  };
  const { folder, program, caFile } = place;
  const setup = { client: client.name, folder, doors: [door], caFile };
  const environment = { AWS_CA_BUNDLE: caFile, AWS_EC2_METADATA_DISABLED: 'true' };
  const { rows, problem } = await runSuite(client, program, setup, environment);
  t.equal(problem, undefined);
  const failed = rows.filter(({ outcome }) => outcome === 'fail');
  t.same(failed, [], 'the client is content with what came through the relay');

  const { passed, refused } = await sorted(relay.requests, mocks);
  const strangers = rows.filter(
    ({ operation, transport }) => operation === 'wrong key' && transport === 'http1',
  );
  t.equal(refused, strangers.length, 'refused unchanged: what was signed with a wrong key');
  t.comment(`${client.name}: ${passed.length} requests`);
  const rng = seededRng(7).fork(client.name);
  await checkMutations(t, mocks, passed, rng);
  const stream = passed.find(({ target }) => target.endsWith('bidirectional-stream'));
  if (stream !== undefined) await checkChain(t, mocks, stream, rng.fork('chain'));
}

async function sorted(
  requests: readonly CapturedRequest[],
  mocks: Parameters<typeof replay>[1],
): Promise<{ readonly passed: readonly CapturedRequest[]; readonly refused: number }> {
  const passed: CapturedRequest[] = [];
  for (const request of requests) {
    if ((await replay(request, mocks)).status !== 403) passed.push(request);
  }
  return { passed, refused: requests.length - passed.length };
}

// Chained signatures of the bidirectional stream: what the AWS SDK signs is verified event by
// event, against the mocks and, caught, against changes of one byte. The same of every client of
// the table that has such a stream is in signatures.slow.ts.

import { type Test, test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { exampleApiKey } from '../../../mocks/auth/accounts.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import { captureHttp2, replay } from '../../fixtures/captured-request.ts';
import { signer, talk } from '../../fixtures/signed-clients.ts';
import { chainOf, eventsOf, type OuterEvent, refusals } from './chain.ts';
import { checkChain } from './check-chain.ts';

test('the SDK speaks over the bidirectional stream under --auth verify', async (t) => {
  const mocks = await verifyingMocks(t);
  await talk(mocks.url);
  t.match(mocks.journal.since(0), [{ transport: 'http2', ending: 'complete' }]);
});

test('200 changes of one byte are refused at the event that has it, and from then on', async (t) => {
  const mocks = await verifyingMocks(t);
  await checkChain(t, mocks, await captureHttp2((url) => talk(url)), seededRng(11));
});

test('events out of order, dropped or repeated are refused', async (t) => {
  const { signing, events } = chainOf(await captureHttp2((url) => talk(url)));
  const [first, second, third] = events as [OuterEvent, OuterEvent, OuterEvent];
  t.same(refusals([second, first, third], signing), [0, 1, 2]);
  t.same(refusals([first, third], signing), [1]);
  t.same(refusals([first, first, second], signing), [1, 2]);
});

test('a stream that announces no signed events is refused, even if they are signed', async (t) => {
  const mocks = await verifyingMocks(t);
  const { method, target, body, ...request } = await captureHttp2((url) => talk(url));
  const host = `127.0.0.1:${mocks.port}`;
  for (const sent of [body, unsigned(body)]) {
    const { headers } = await signer().sign({
      method,
      protocol: 'http:',
      hostname: host,
      path: target,
      headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    });
    const pairs = Object.entries(headers).filter(([name]) => name !== 'host');
    const authority = [':authority', host] as const;
    const changed = { ...request, method, target, body: sent, headers: [authority, ...pairs] };
    const reply = await replay(changed, mocks);
    t.equal(`${reply.status} ${reply.errorType}`, '403 InvalidSignatureException');
  }
});

test('unsigned events in a stream that announces signed ones are refused', async (t) => {
  const mocks = await verifyingMocks(t);
  const request = await captureHttp2((url) => talk(url));
  const reply = await replay({ ...request, body: unsigned(request.body) }, mocks);
  t.equal(`${reply.status} ${reply.errorType}`, '403 InvalidSignatureException');
});

test('under an API key events come unsigned', async (t) => {
  const mocks = await verifyingMocks(t);
  const { headers, ...request } = await captureHttp2((url) => talk(url));
  const kept = headers.filter(([name]) => name !== 'authorization' && !name.startsWith('x-amz-'));
  const bearer = ['authorization', `Bearer ${exampleApiKey}`] as const;
  const asked = { ...request, body: unsigned(request.body), headers: [...kept, bearer] };
  t.equal((await replay(asked, mocks)).status, 200);
  const wrong = ['authorization', 'Bearer ABSKwrong'] as const;
  const refused = await replay({ ...asked, headers: [...kept, wrong] }, mocks);
  t.equal(`${refused.status} ${refused.errorType}`, '403 AccessDeniedException');
});

/** The inner messages alone, which is what a client sends that signs no events. */
function unsigned(body: Buffer): Buffer {
  return Buffer.concat(eventsOf(body).map(({ payload }) => payload));
}

async function verifyingMocks(t: Test): Promise<Mocks> {
  const mocks = await startMocks({ port: 0, seed: 5, auth: 'verify' });
  t.teardown(() => mocks.close());
  return mocks;
}

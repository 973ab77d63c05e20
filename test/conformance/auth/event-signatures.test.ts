// Chained signatures of the bidirectional stream: what the AWS SDK signs is verified event by
// event, against the mocks and, caught, against changes of one byte. The same of every client of
// the table that has such a stream is in signatures.slow.ts.

import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { startMocks } from '../../../mocks/server.ts';
import { captureHttp2 } from '../../fixtures/captured-request.ts';
import { talk } from '../../fixtures/signed-clients.ts';
import { chainOf, type OuterEvent, refusals } from './chain.ts';
import { checkChain } from './check-chain.ts';

test('the SDK speaks over the bidirectional stream under --auth verify', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 5, auth: 'verify' });
  t.teardown(() => mocks.close());
  await talk(mocks.url);
  t.match(mocks.journal.since(0), [{ transport: 'http2', ending: 'complete' }]);
});

test('200 changes of one byte are refused at the event that has it, and from then on', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 5, auth: 'verify' });
  t.teardown(() => mocks.close());
  await checkChain(t, mocks, await captureHttp2((url) => talk(url)), seededRng(11));
});

test('events out of order, dropped or repeated are refused', async (t) => {
  const { signing, events } = chainOf(await captureHttp2((url) => talk(url)));
  const [first, second, third] = events as [OuterEvent, OuterEvent, OuterEvent];
  t.same(refusals([second, first, third], signing), [0, 1, 2]);
  t.same(refusals([first, third], signing), [1]);
  t.same(refusals([first, first, second], signing), [1, 2]);
});

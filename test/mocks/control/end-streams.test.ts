// `DELETE streams/N`: one stream ends as its transport breaks one off, and no other.

import { connect } from 'node:http2';
import { type Test, test } from 'tap';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import {
  bedrockPath,
  converseBody,
  grpcCall,
  http1Request,
  rawHttp1,
  rawHttp2,
} from '../../fixtures/raw-clients.ts';

const slow = '[[leakbed chunks=5 fault=hang;at=2]]';
const path = bedrockPath('converse-stream');

async function mocksOf(t: Test): Promise<Mocks> {
  const mocks = await startMocks({ port: 0, seed: 3 });
  t.teardown(() => mocks.close());
  return mocks;
}

/** Ends the newest stream as soon as it is in flight and its head is out. */
async function endNewest({ url, journal }: Mocks): Promise<number> {
  for (;;) {
    const newest = journal.inFlight().at(-1);
    if (newest !== undefined && (newest.events > 0 || newest.injected.length > 0)) {
      const where = `${url}/__leakbed/streams/${newest.sequence}`;
      return (await fetch(where, { method: 'DELETE' })).status;
    }
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

test('over HTTP/1.1 the connection is reset', async (t) => {
  const mocks = await mocksOf(t);
  const answer = rawHttp1(mocks, http1Request(path, converseBody(slow)));
  t.equal(await endNewest(mocks), 204);
  t.equal((await answer)[0]?.end, 'reset');
  t.match(mocks.journal.since(0), [{ ending: 'cancel', injected: [String, 'ended by hand'] }]);
  t.equal(mocks.journal.inFlightCount, 0);
});

test('over HTTP/2 and gRPC the stream is, and those beside it go on', async (t) => {
  const mocks = await mocksOf(t);
  const session = connect(mocks.url);
  t.teardown(() => session.destroy());
  const other = rawHttp2(session, { path, body: converseBody(slow) });
  const calls = [{ path, body: converseBody(slow) }, grpcCall(slow)];
  for (const call of calls) {
    const before = mocks.journal.lastSequence;
    const answer = rawHttp2(session, call);
    while (mocks.journal.lastSequence === before || mocks.journal.inFlightCount < 2) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    t.equal(await endNewest(mocks), 204);
    const { code, trailers, hasEnded } = await answer;
    t.ok(code !== 0 || Number(trailers['grpc-status']) > 0, `code ${code}`);
    t.ok(!hasEnded || trailers['grpc-status'] !== undefined);
    t.equal(mocks.journal.inFlightCount, 1, 'the other goes on');
  }
  session.destroy();
  await other;
});

test('what is not in flight is not found', async (t) => {
  const mocks = await mocksOf(t);
  const answer = await fetch(`${mocks.url}/__leakbed/streams/1`, { method: 'DELETE' });
  t.equal(answer.status, 404);
  t.match(await answer.json(), { error: /not in flight/ });
});

test('an answer that waits for its head is an error instead', async (t) => {
  const mocks = await mocksOf(t);
  const words = converseBody('[[leakbed chunks=2 fault=slow-headers;for=30s]]');
  const answer = rawHttp1(mocks, http1Request(path, words));
  t.equal(await endNewest(mocks), 204);
  const [whole] = await answer;
  t.equal(whole?.status, 500);
  t.match(whole?.body.toString(), /ended by hand/);
});

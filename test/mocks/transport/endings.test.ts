// Every ending once on every transport, as a client without an SDK sees it, and the exactness of
// where it comes.

import { once } from 'node:events';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import {
  bedrockPath,
  converseBody,
  countEventStream,
  countGrpc,
  grpcCall,
  http1Request,
  openHttp2,
  rawHttp1,
  rawHttp2,
} from '../../fixtures/raw-clients.ts';

const mocks = await startMocks({ port: 0, seed: 1 });
const path = bedrockPath('converse-stream');
const inHttp1 = (words: string) => http1Request(path, converseBody(`[[leakbed ${words}]]`));
const inHttp2 = (words: string) => ({ path, body: converseBody(`[[leakbed ${words}]]`) });
const inGrpc = (words: string) => grpcCall(`[[leakbed ${words}]]`);
const isEnough = (body: Buffer) => countEventStream(body).events >= 4;

/** messageStart, no contentBlockStart, then deltas. Event 4 comes after four whole ones. */
const rows = [
  { fault: 'noop', http1: 'whole', code: 0, grpc: 0, status: '0' },
  { fault: 'truncate;at=4', http1: 'whole', code: 0, grpc: 0, status: '0' },
  { fault: 'truncate;at=4;end=cut', http1: 'fin', code: 8, grpc: 8 },
  { fault: 'reset;at=4', http1: 'reset', code: 8, grpc: 8 },
  { fault: 'cancel;at=4;code=2', http1: 'reset', code: 2, grpc: 2 },
  { fault: 'cancel;at=4;code=11', http1: 'reset', code: 11, grpc: 11 },
  { fault: 'exception;at=4;name=throttling', http1: 'whole', code: 0, grpc: 0, status: '8' },
] as const;

for (const row of rows) {
  const directive = `chunks=20 bytes=50 fault=${row.fault}`;
  const isWhole = row.fault === 'noop';

  test(`HTTP/1.1: ${row.fault}`, async (t) => {
    const [answer] = await rawHttp1(mocks, inHttp1(directive));
    t.equal(answer?.status, 200);
    t.equal(answer?.end, row.http1);
    const { events, rest } = countEventStream(answer?.body ?? Buffer.alloc(0));
    const extra = row.fault.startsWith('exception') ? 1 : 0;
    if (!isWhole) t.equal(events, 4 + extra);
    t.equal(rest, 0);
  });

  test(`HTTP/2: ${row.fault}`, async (t) => {
    const session = await openHttp2(mocks);
    t.teardown(() => session.destroy());
    const answer = await rawHttp2(session, inHttp2(directive));
    t.equal(answer.status, 200);
    t.equal(answer.code, row.code);
    if (row.code === 0) t.same([answer.hasEnded, answer.error], [true, undefined]);
    const { events, rest } = countEventStream(answer.body);
    const extra = row.fault.startsWith('exception') ? 1 : 0;
    if (!isWhole) t.equal(events, 4 + extra);
    t.equal(rest, 0);
    t.equal(session.closed || session.destroyed, row.http1 !== 'whole' && row.code === 8);
  });

  test(`gRPC: ${row.fault}`, async (t) => {
    const session = await openHttp2(mocks);
    t.teardown(() => session.destroy());
    const answer = await rawHttp2(session, inGrpc(directive));
    t.equal(answer.status, 200);
    t.equal(answer.code, row.grpc);
    t.equal(answer.trailers['grpc-status'], 'status' in row ? row.status : undefined);
    const { events, rest } = countGrpc(answer.body);
    if (!isWhole) t.equal(events, 4);
    t.equal(rest, 0);
  });
}

test('a hanging stream stays in flight until its client goes, on every transport', async (t) => {
  const words = 'chunks=20 fault=hang;at=4';
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  const waits = {
    http1: () =>
      rawHttp1(mocks, inHttp1(words), { isDone: ({ body }) => isEnough(body) }).then(
        ([answer]) => answer?.end,
      ),
    http2: () =>
      rawHttp2(session, { ...inHttp2(words), isDone: isEnough }).then(({ code }) => code),
    grpc: () =>
      rawHttp2(session, {
        ...inGrpc(words),
        isDone: (body) => countGrpc(body).events >= 4,
      }).then(({ code }) => code),
  };
  for (const [transport, wait] of Object.entries(waits)) {
    t.equal(await wait(), transport === 'http1' ? 'open' : 8, `${transport}: open till it left`);
  }
  while (mocks.journal.inFlight().length > 0) await new Promise((done) => setImmediate(done));
  const entries = mocks.journal.since(mocks.journal.lastSequence - 3);
  t.same(
    entries.map(({ transport, ending, events }) => [transport, ending, events]),
    [
      ['http1', 'hang', 4],
      ['http2', 'hang', 4],
      ['grpc', 'hang', 4],
    ],
  );
});

test('the journal tells each ending by its name', async (t) => {
  const before = mocks.journal.lastSequence;
  for (const { fault } of rows) await rawHttp1(mocks, inHttp1(`fault=${fault}`));
  t.same(
    mocks.journal.since(before).map(({ ending }) => ending),
    ['complete', 'complete', 'cut', 'reset', 'cancel', 'cancel', 'exception'],
  );
});

const repeats = 100;
for (const end of ['clean', 'cut', 'reset', 'cancel'] as const) {
  const fault = (at: number) =>
    end === 'clean' || end === 'cut' ? `truncate;at=${at};end=${end}` : `${end};at=${at}`;

  test(`${repeats} streams over HTTP/1.1 end ${end} with no event lost or too many`, async (t) => {
    for (let at = 0; at < repeats; at++) {
      const words = `chunks=200 bytes=${1 + at * 7} fault=${fault(at)}`;
      const [answer] = await rawHttp1(mocks, inHttp1(words));
      const counted = countEventStream(answer?.body ?? Buffer.alloc(0));
      if (counted.events !== at || counted.rest !== 0) t.same(counted, { events: at, rest: 0 });
    }
    t.pass('all exact');
  });

  test(`${repeats} streams over HTTP/2 end ${end} with no event lost or too many`, async (t) => {
    for (let at = 0; at < repeats; at++) {
      const session = await openHttp2(mocks);
      const words = `chunks=200 bytes=${1 + at * 7} fault=${fault(at)}`;
      const { body } = await rawHttp2(session, inHttp2(words));
      session.destroy();
      const counted = countEventStream(body);
      if (counted.events !== at || counted.rest !== 0) t.same(counted, { events: at, rest: 0 });
    }
    t.pass('all exact');
  });
}

test('a fault that resets a stream cannot hit the connection once its client has left', async (t) => {
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  // The stream is full when the client leaves it: the reset still waits for its data to go.
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/json',
  });
  stream.on('error', () => undefined);
  stream.end(converseBody('[[leakbed chunks=3 bytes=1MiB fault=reset;at=3]]'));
  const [headers] = await once(stream, 'response');
  t.equal(headers[':status'], 200);
  stream.close(8);
  stream.resume();
  await new Promise((done) => stream.once('close', done));
  const answer = await rawHttp2(session, inHttp2('chunks=3'));
  t.same([answer.status, answer.code], [200, 0]);
});

test('close', () => mocks.close());

// Endings before the head and beside the answer, on every transport, as a client without an SDK
// sees them: GOAWAY, broken framing, an answer that never begins, a head that promises too much.

import { once } from 'node:events';
import { test } from 'tap';
import { startMocks } from '../../../mocks/server.ts';
import {
  bedrockPath,
  converseBody,
  countEventStream,
  grpcCall,
  http1Request,
  openHttp2,
  openSocket,
  rawHttp1,
  rawHttp2,
} from '../../fixtures/raw-clients.ts';

const mocks = await startMocks({ port: 0, seed: 1 });
const path = bedrockPath('converse-stream');
const inHttp1 = (words: string) => http1Request(path, converseBody(`[[leakbed ${words}]]`));
const inHttp2 = (words: string) => ({ path, body: converseBody(`[[leakbed ${words}]]`) });

const headless = [
  { fault: 'truncate;at=headers', code: 8 },
  // Node tells of the socket's error or of the session's end, whichever comes first.
  { fault: 'reset;at=headers', code: undefined },
  { fault: 'cancel;at=headers;code=7', code: 7 },
  { fault: 'goaway;at=headers;code=0;end=cut', code: 8 },
] as const;

for (const { fault, code } of headless) {
  test(`HTTP/1.1: ${fault} gives no head at all`, async (t) => {
    t.same(await rawHttp1(mocks, inHttp1(`fault=${fault}`)), []);
  });

  for (const [name, call] of [
    ['HTTP/2', inHttp2(`fault=${fault}`)],
    ['gRPC', grpcCall(`[[leakbed fault=${fault}]]`)],
  ] as const) {
    test(`${name}: ${fault} gives no head at all`, async (t) => {
      const session = await openHttp2(mocks);
      t.teardown(() => session.destroy());
      const answer = await rawHttp2(session, call);
      t.same([answer.status, answer.body.length], [0, 0]);
      if (code !== undefined) t.equal(answer.code, code);
    });
  }
}

test('an answer that is one body ends before its head as a stream does', async (t) => {
  const request = (fault: string) =>
    http1Request(bedrockPath('converse'), converseBody(`[[leakbed fault=${fault}]]`));
  t.same(await rawHttp1(mocks, request('truncate;at=headers')), []);
  t.same(await rawHttp1(mocks, request('reset;at=headers')), []);
});

for (const last of ['this', 'none'] as const) {
  test(`GOAWAY says its code and that ${last} stream was handled`, async (t) => {
    const session = await openHttp2(mocks);
    t.teardown(() => session.destroy());
    const told = once(session, 'goaway');
    const answer = rawHttp2(session, inHttp2(`fault=goaway;at=3;code=0;last=${last}`));
    const [code, lastStream] = await told;
    t.same([code, lastStream], [0, last === 'this' ? 1 : 0]);
    await answer;
  });
}

test('HTTP/1.1: a chunk size that is none follows the events before it', async (t) => {
  const socket = await openSocket(mocks);
  t.teardown(() => socket.destroy());
  socket.write(inHttp1('chunks=20 fault=bad-framing;at=4'));
  let seen = '';
  for await (const bytes of socket) {
    seen += bytes.toString('latin1');
    if (seen.endsWith('leakbed\r\n')) break;
  }
  t.equal(seen.match(/:event-type/g)?.length, 4);
});

test('HTTP/2: a frame that is too large ends the session of an honest client', async (t) => {
  const session = await openHttp2(mocks);
  const failed = once(session, 'error');
  const answer = rawHttp2(session, inHttp2('chunks=20 fault=bad-framing;at=4'));
  const [error] = await failed;
  t.match(error, { message: 'Protocol error' });
  session.destroy();
  t.ok(countEventStream((await answer).body).events <= 4);
});

for (const [fault, message] of [
  ['window-overflow', 'Flow control error'],
  ['bad-hpack', 'Protocol error'],
  ['http1-text', 'Protocol error'],
  ['empty-data-flood', 'Too many invalid HTTP/2 frames'],
]) {
  test(`HTTP/2: ${fault} ends the session of an honest client`, async (t) => {
    const session = await openHttp2(mocks);
    t.teardown(() => session.destroy());
    const failed = once(session, 'error');
    const answer = rawHttp2(session, inHttp2(`chunks=20 fault=${fault};at=4`));
    t.match(await failed, [{ message }]);
    session.destroy();
    t.ok(countEventStream((await answer).body).events <= 4);
  });
}

test('HTTP/2: half a frame is followed by FIN, if asked for', async (t) => {
  const session = await openHttp2(mocks);
  t.teardown(() => session.destroy());
  const answer = await rawHttp2(session, inHttp2('chunks=20 fault=half-frame;at=4;end=cut'));
  // An HTTP/2 client of Node's hands on the half that it has, and takes FIN for the end.
  t.same(countEventStream(answer.body), { events: 4, rest: 2 });
});

test('a promised length is sent as promised, and what is missing is not', async (t) => {
  const [answer] = await rawHttp1(mocks, inHttp1('chunks=2 fault=wrong-length;length=64KiB'));
  t.match(answer?.head, /^content-length: 65536$/im);
  t.equal(answer?.end, 'fin');
  t.equal(countEventStream(answer?.body ?? Buffer.alloc(0)).rest, 0);
});

test('close', () => mocks.close());

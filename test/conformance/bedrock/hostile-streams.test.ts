// Clients of the bidirectional stream that do not play by the rules: each gets an error or an end,
// and the server keeps nothing of it.

import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { type Test, test } from 'tap';
import { seededRng, sleep, within } from '../../../injectors/determinism.ts';
import { encodeHeaders, encodeMessage } from '../../../mocks/codec/eventstream.ts';
import type { Mocks } from '../../../mocks/server.ts';
import { mocksFor } from '../../fixtures/bedrock-clients.ts';

const path = '/model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream';
const headers = { 'content-type': 'application/vnd.amazon.eventstream' };
const chunkHeaders = encodeHeaders({
  ':event-type': 'chunk',
  ':message-type': 'event',
  ':content-type': 'application/json',
});

function part(event: object): Buffer {
  const bytes = Buffer.from(JSON.stringify({ event })).toString('base64');
  return encodeMessage(chunkHeaders, JSON.stringify({ bytes })).bytes;
}

const names = { promptName: 'p', contentName: 'c' };
const opening = Buffer.concat([part({ sessionStart: {} }), part({ promptStart: names })]);
const question = (text: string) =>
  Buffer.concat([
    part({ contentStart: { ...names, type: 'TEXT', role: 'USER' } }),
    part({ textInput: { ...names, content: text } }),
    part({ contentEnd: names }),
  ]);

/** Sends the bytes over HTTP/2 and gives status and body once the answer has ended. */
async function send(
  t: Test,
  mocks: Mocks,
  bytes: Buffer,
): Promise<{ status: number; body: string }> {
  const session = connectHttp2(mocks.url);
  t.teardown(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  let status = 0;
  const body: Buffer[] = [];
  stream.on('response', (head) => {
    status = Number(head[':status']);
  });
  stream.on('data', (data: Buffer) => body.push(data));
  stream.on('end', () => resolve({ status, body: Buffer.concat(body).toString('latin1') }));
  stream.on('error', reject);
  stream.end(bytes);
  return within(5000, 'The answer did not end.', promise);
}

async function emptied(t: Test, mocks: Mocks): Promise<void> {
  for (let turn = 0; turn < 300 && mocks.journal.inFlight().length > 0; turn++) await sleep(10);
  t.equal(mocks.journal.inFlight().length, 0, 'nothing is in flight');
  t.equal(mocks.waitingStreams, 0, 'no timer waits');
}

const garbage: readonly (readonly [what: string, bytes: Buffer, message: RegExp])[] = [
  ['bytes that are no frame', Buffer.alloc(64, 7), /The prelude checksum/],
  ['a frame that is cut off', opening.subarray(0, opening.length - 3), /Truncated event message/],
  [
    'a payload that is not JSON',
    encodeMessage(chunkHeaders, '{"bytes":').bytes,
    /parse the request/,
  ],
  ['a chunk without bytes', encodeMessage(chunkHeaders, '{}').bytes, /'chunk.bytes' failed/],
  [
    'an event of another type',
    encodeMessage(encodeHeaders({ ':event-type': 'x', ':message-type': 'event' }), '{}').bytes,
    /There is no event of type x/,
  ],
  ['bytes that are no event', encodeMessage(chunkHeaders, '{"bytes":"eA=="}').bytes, /parse input/],
  ['an event nobody knows', part({ singing: {} }), /No such event: singing/],
  ['a content before its prompt', part({ contentStart: names }), /must begin with sessionStart/],
];

for (const [what, bytes, message] of garbage) {
  test(`${what} before the answer: an HTTP error`, async (t) => {
    const mocks = await mocksFor(t);
    const { status, body } = await send(t, mocks, bytes);
    t.equal(status, 400);
    t.match(body, message);
    await emptied(t, mocks);
  });
}

test('an error after the answer began is an exception inside the stream', async (t) => {
  const mocks = await mocksFor(t);
  const bytes = Buffer.concat([opening, question('Hi'), part({ singing: {} })]);
  const { status, body } = await send(t, mocks, bytes);
  t.equal(status, 200);
  t.match(body, /:exception-type.*validationException.*No such event: singing/s);
  await emptied(t, mocks);
});

test('200 seeded streams of damaged frames end, each with a status', async (t) => {
  const mocks = await mocksFor(t);
  const rng = seededRng(77);
  const whole = Buffer.concat([opening, question('[[leakbed chunks=2]]')]);
  for (let round = 0; round < 200; round++) {
    const bytes = Buffer.from(whole);
    for (let count = rng.integer(1, 3); count > 0; count--) {
      bytes[rng.integer(0, bytes.length - 1)] = rng.integer(0, 255);
    }
    const { status } = await send(t, mocks, bytes.subarray(0, rng.integer(1, bytes.length)));
    if (status !== 200 && status !== 400) t.fail(`round ${round}: status ${status}`);
  }
  await emptied(t, mocks);
});

test('a hundred questions at once are answered in order, none lost', async (t) => {
  const mocks = await mocksFor(t);
  const questions = Array.from({ length: 100 }, () => question('[[leakbed chunks=1]]'));
  const { body } = await send(t, mocks, Buffer.concat([opening, ...questions]));
  const ends = [...body.matchAll(/"bytes":"([^"]+)"/g)].filter(([, bytes = '']) =>
    Buffer.from(bytes, 'base64').toString().includes('"completionEnd"'),
  );
  t.equal(ends.length, 100);
  await emptied(t, mocks);
});

test('a client that leaves in the middle of an answer leaves nothing behind', async (t) => {
  const mocks = await mocksFor(t);
  const { port, host } = mocks;
  const socket = connect(port, host);
  const bytes = Buffer.concat([opening, question('[[leakbed chunks=50 gap=1s]]')]);
  const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${headers['content-type']}\r\n`;
  socket.write(`${head}transfer-encoding: chunked\r\n\r\n${bytes.length.toString(16)}\r\n`);
  socket.write(bytes);
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  socket.once('data', () => resolve());
  await within(5000, 'Nothing was answered.', heard);
  t.equal(mocks.journal.inFlight().length, 1);
  socket.destroy();
  await emptied(t, mocks);
  t.match(mocks.journal.since(0), [{ ending: 'gone' }]);
});

test('a client that waits for the head before it speaks is given one', async (t) => {
  const mocks = await mocksFor(t);
  const session = connectHttp2(mocks.url);
  t.teardown(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
  const { promise, resolve } = Promise.withResolvers<number>();
  stream.on('response', (head) => resolve(Number(head[':status'])));
  stream.write(opening);
  t.equal(await within(5000, 'No head came.', promise), 200);
  stream.end();
  stream.resume();
  await emptied(t, mocks);
});

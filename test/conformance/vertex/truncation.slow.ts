// Exact truncation, a thousand seeded cuts on each wire, read by raw clients: what arrives is the
// undisturbed stream up to the byte or event that the fault names, and not one byte more.

import http from 'node:http';
import http2 from 'node:http2';
import { test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { type Mocks, startMocks } from '../../../mocks/server.ts';
import { vertexType } from '../../../mocks/vertex/protos.ts';
import { geminiName, userContents } from '../../fixtures/vertex-api.ts';

const repeats = 1000;
/** Requests in flight at a time. */
const width = 20;
const shape = 'chunks=12 bytes=17';

type Fetch = (directive: string) => Promise<Buffer>;

/** Creation time and id differ between answers of the same length. */
const masked = (bytes: Buffer) =>
  bytes
    .toString('latin1')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z?/g, (time) => 'T'.repeat(time.length))
    .replace(/("responseId": )("?[-\w]*"?)/g, (_, name, id) => name + 'I'.repeat(id.length))
    .replace(/("text": )("[^"]*"?)/g, (_, name, text) => name + 'x'.repeat(text.length));

test('exact truncation', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 7 });
  t.teardown(() => mocks.close());
  const agent = new http.Agent({ keepAlive: true, maxSockets: width });
  t.teardown(() => agent.destroy());
  const session = http2.connect(mocks.url);
  t.teardown(() => session.destroy());

  const wires: Readonly<Record<string, Fetch>> = {
    'JSON array': (directive) => overRest(mocks, agent, 'streamGenerateContent', directive),
    SSE: (directive) => overRest(mocks, agent, 'streamGenerateContent?alt=sse', directive),
    gRPC: (directive) => overGrpc(session, directive),
  };

  for (const [name, fetch] of Object.entries(wires)) {
    t.test(`${name} is cut at the named byte ${repeats} times`, async (t) => {
      const whole = await fetch(shape);
      // In protobuf the nanoseconds of a message's time take two bytes less now and then.
      const least = whole.length - (name === 'gRPC' ? 2 * eventsIn(whole, name) : 0);
      const rng = seededRng(3).fork(name);
      const wrong: string[] = [];
      const cutOnce = async () => {
        const at = rng.integer(0, least - 1);
        const cut = await fetch(`${shape} fault=truncate;at=${at}B`);
        if (cut.length !== at) wrong.push(`${at}: got ${cut.length} bytes`);
        // gRPC carries no names to find the varying parts by; its frames are checked below.
        else if (name !== 'gRPC' && !masked(whole).startsWith(masked(cut).slice(0, -40))) {
          wrong.push(`${at}: got other bytes`);
        }
      };
      await inParallel(repeats, cutOnce);
      t.same(wrong, []);
    });

    t.test(`${name} is cut after the named event ${repeats} times`, async (t) => {
      const rng = seededRng(5).fork(name);
      const wrong: string[] = [];
      await inParallel(repeats, async () => {
        const at = rng.integer(0, 12);
        const cut = await fetch(`${shape} fault=truncate;at=${at}`);
        const events = eventsIn(cut, name);
        if (events !== at) wrong.push(`${at}: got ${events} events`);
      });
      t.same(wrong, []);
    });
  }

  t.test('nothing of it is left in flight', async (t) => {
    t.same(mocks.journal.inFlight(), []);
    t.equal(mocks.waitingStreams, 0);
  });
});

async function inParallel(count: number, once: () => Promise<void>): Promise<void> {
  let left = count;
  const work = async () => {
    while (left-- > 0) await once();
  };
  await Promise.all(Array.from({ length: width }, work));
}

/** Whole events only; what is left over makes it a fraction, which is never right. */
function eventsIn(bytes: Buffer, wire: string): number {
  if (wire === 'JSON array') {
    const text = bytes.toString();
    return text === '' ? 0 : JSON.parse(`${text}]`).length;
  }
  if (wire === 'SSE') {
    const parts = bytes.toString().split('\r\n\r\n');
    for (const part of parts.slice(0, -1)) JSON.parse(part.slice('data: '.length));
    return parts.at(-1) === '' ? parts.length - 1 : Number.NaN;
  }
  const type = vertexType('v1', 'GenerateContentResponse');
  let events = 0;
  let rest = bytes;
  while (rest.length > 0) {
    const end = 5 + rest.readUInt32BE(1);
    if (rest.length < end) return Number.NaN;
    type.decode(rest.subarray(5, end));
    rest = rest.subarray(end);
    events += 1;
  }
  return events;
}

function overRest(
  { host, port }: Mocks,
  agent: http.Agent,
  verb: string,
  directive: string,
): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const path = `/v1/${geminiName}:${verb}`;
  // Not in the prompt, whose length is counted in the last message.
  const headers = { 'x-leakbed': directive };
  const request = http.request({ host, port, path, method: 'POST', agent, headers }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks)));
    response.on('error', reject);
  });
  request.on('error', reject);
  request.end(JSON.stringify({ contents: userContents('hi') }));
  return promise;
}

function overGrpc(session: http2.ClientHttp2Session, directive: string): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const type = vertexType('v1', 'GenerateContentRequest');
  const contents = userContents('hi');
  const message = type.encode(type.fromObject({ model: geminiName, contents })).finish();
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  const stream = session.request({
    ':method': 'POST',
    ':path': '/google.cloud.aiplatform.v1.PredictionService/StreamGenerateContent',
    'content-type': 'application/grpc',
    te: 'trailers',
    'x-leakbed': directive,
  });
  const chunks: Buffer[] = [];
  let status: unknown;
  stream.on('trailers', (trailers) => {
    status = trailers['grpc-status'];
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', reject);
  stream.on('close', () => {
    if (status === '0') resolve(Buffer.concat(chunks));
    else reject(new Error(`ended with status ${status}`));
  });
  stream.end(Buffer.concat([prefix, message]));
  return promise;
}

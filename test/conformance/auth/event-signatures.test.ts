// Chained signatures of the bidirectional stream: what the AWS SDK signs is verified event by
// event, against the mocks and, caught, against changes of one byte.

import { EventStreamCodec } from '@smithy/core/event-streams';
import { type Test, test } from 'tap';
import { seededRng } from '../../../injectors/determinism.ts';
import { createAccounts } from '../../../mocks/auth/accounts.ts';
import type { AuthRefusal } from '../../../mocks/auth/auth-refusal.ts';
import type { SignedRequest } from '../../../mocks/auth/signed-request.ts';
import { verifySigV4 } from '../../../mocks/auth/sigv4.ts';
import { createEventVerifier, type EventSigning } from '../../../mocks/auth/sigv4-events.ts';
import { startMocks } from '../../../mocks/server.ts';
import { type CapturedRequest, captureHttp2, replay } from '../../fixtures/captured-request.ts';
import { talk } from '../../fixtures/signed-clients.ts';

interface OuterEvent {
  readonly date: Date;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

test('the SDK speaks over the bidirectional stream under --auth verify', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 5, auth: 'verify' });
  t.teardown(() => mocks.close());
  await talk(mocks.url);
  t.match(mocks.journal.since(0), [{ transport: 'http2', ending: 'complete' }]);
});

test('every event the SDK signs verifies, the empty one at the end too', async (t) => {
  const { signing, events } = await caught(t);
  t.equal(events.length, 3);
  t.equal(events.at(-1)?.payload.length, 0);
  const verify = createEventVerifier(signing);
  for (const event of events) t.doesNotThrow(() => verify(event));
});

test('200 changes of one byte are refused at the event that has it, and from then on', async (t) => {
  const { signing, events } = await caught(t);
  for (let index = 0; index < 200; index++) {
    const rng = seededRng(11).fork(String(index));
    const at = rng.integer(0, events.length - 1);
    const field = rng.pick(['date', 'signature', 'payload'] as const);
    const changed = events.map((event, place) =>
      place === at ? change(event, field, rng) : event,
    );
    const refused = refusals(changed, signing);
    // An empty payload has no byte to change.
    const isChanged = changed[at] !== events[at];
    const expected = isChanged ? events.map((_, place) => place).slice(at) : [];
    if (refused.join() !== expected.join()) t.fail(`${index}: ${field} of event ${at}: ${refused}`);
  }
  t.same(refusals(events, signing), []);
});

test('events out of order, dropped or repeated are refused', async (t) => {
  const { signing, events } = await caught(t);
  const [first, second, third] = events as [OuterEvent, OuterEvent, OuterEvent];
  t.same(refusals([second, first, third], signing), [0, 1, 2]);
  t.same(refusals([first, third], signing), [1]);
  t.same(refusals([first, first, second], signing), [1, 2]);
});

test('over the wire a changed event ends the stream with InvalidSignatureException', async (t) => {
  const mocks = await startMocks({ port: 0, seed: 5, auth: 'verify' });
  t.teardown(() => mocks.close());
  const { request } = await caught(t);
  t.equal((await replay(request, mocks)).status, 200, 'unchanged');
  const body = Buffer.from(request.body);
  const frames = split(body);
  const last = frames[0] ?? body;
  // A byte of the first event's payload, with the checksum made right again by the codec.
  const { headers, body: payload } = codec.decode(last);
  payload[payload.length - 6] = (payload[payload.length - 6] ?? 0) ^ 1;
  const first = codec.encode({ headers, body: payload });
  const changed = Buffer.concat([first, ...frames.slice(1)]);
  const reply = await replay({ ...request, body: changed }, mocks);
  t.match(`${reply.status} ${reply.errorType}`, '403 InvalidSignatureException');
});

/** Places of the events that are refused. */
function refusals(events: readonly OuterEvent[], signing: EventSigning): number[] {
  const verify = createEventVerifier(signing);
  return events.flatMap((event, place) => {
    try {
      verify(event);
      return [];
    } catch (error) {
      return (error as AuthRefusal).reason === 'invalid-signature' ? [place] : [];
    }
  });
}

function change(
  event: OuterEvent,
  field: 'date' | 'signature' | 'payload',
  rng: ReturnType<typeof seededRng>,
): OuterEvent {
  if (field === 'date') {
    return { ...event, date: new Date(event.date.getTime() + rng.integer(1, 1000)) };
  }
  const bytes = Buffer.from(event[field]);
  if (bytes.length === 0) return event;
  const at = rng.integer(0, bytes.length - 1);
  bytes.writeUInt8(bytes.readUInt8(at) ^ rng.integer(1, 255), at);
  return { ...event, [field]: bytes };
}

async function caught(t: Test) {
  const request = await captureHttp2((url) => talk(url));
  const { events: signing } = verifySigV4(signedPart(request), {
    accounts: createAccounts(),
    service: 'bedrock',
    now: () => new Date(),
  });
  if (signing === undefined) return t.fail('The request announces no signed events.') as never;
  const events = split(request.body).map((frame): OuterEvent => {
    const { headers, body } = codec.decode(frame);
    const date = headers[':date']?.value as Date;
    const signature = headers[':chunk-signature']?.value as Uint8Array;
    return { date, signature, payload: body };
  });
  return { request, signing, events };
}

function signedPart({ method, target, headers }: CapturedRequest): SignedRequest {
  return { method, target, rawHeaders: headers.flat(), body: Buffer.alloc(0) };
}

function split(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    frames.push(bytes.subarray(at, at + bytes.readUInt32BE(at)));
  }
  return frames;
}

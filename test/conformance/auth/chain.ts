// The chained signatures of a bidirectional stream that was caught: taken apart into its events,
// and these changed, verified and put together again.

import { EventStreamCodec } from '@smithy/core/event-streams';
import type { Rng } from '../../../injectors/determinism.ts';
import { createAccounts } from '../../../mocks/auth/accounts.ts';
import type { AuthRefusal } from '../../../mocks/auth/auth-refusal.ts';
import { verifySigV4 } from '../../../mocks/auth/sigv4.ts';
import { createEventVerifier, type EventSigning } from '../../../mocks/auth/sigv4-events.ts';
import type { CapturedRequest } from '../../fixtures/captured-request.ts';

export interface OuterEvent {
  readonly date: Date;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
}

export interface Chain {
  readonly signing: EventSigning;
  readonly events: readonly OuterEvent[];
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

export function chainOf({ method, target, headers, body }: CapturedRequest): Chain {
  const signed = { method, target, rawHeaders: headers.flat(), body: Buffer.alloc(0) };
  const parts = { accounts: createAccounts(), service: 'bedrock', now: () => new Date() };
  const { events: signing } = verifySigV4(signed, parts);
  if (signing === undefined) throw new Error('The request announces no signed events.');
  return { signing, events: eventsOf(body) };
}

export function eventsOf(bytes: Buffer): OuterEvent[] {
  return split(bytes).map((frame) => {
    const { headers, body } = codec.decode(frame);
    const date = headers[':date']?.value as Date;
    const signature = headers[':chunk-signature']?.value as Uint8Array;
    return { date, signature, payload: body };
  });
}

/** A body of these events, with checksums that are right. */
export function encodeChain(events: readonly OuterEvent[]): Buffer {
  const frames = events.map(({ date, signature, payload }) =>
    codec.encode({
      headers: {
        ':date': { type: 'timestamp', value: date },
        ':chunk-signature': { type: 'binary', value: signature },
      },
      body: payload,
    }),
  );
  return Buffer.concat(frames);
}

/** One byte of one event changed: of its date, its signature or its payload. */
export function changeOne(
  events: readonly OuterEvent[],
  rng: Rng,
): { readonly what: string; readonly at: number; readonly changed: readonly OuterEvent[] } {
  const at = rng.integer(0, events.length - 1);
  const event = events[at] as OuterEvent;
  // An empty payload has no byte to change.
  const fields =
    event.payload.length === 0 ? ['date', 'signature'] : ['date', 'signature', 'payload'];
  const field = rng.pick(fields) as keyof OuterEvent;
  return {
    what: `${field} of event ${at}`,
    at,
    changed: events.with(at, change(event, field, rng)),
  };
}

function change(event: OuterEvent, field: keyof OuterEvent, rng: Rng): OuterEvent {
  if (field === 'date') {
    return { ...event, date: new Date(event.date.getTime() + rng.integer(1, 1000)) };
  }
  const bytes = Buffer.from(event[field]);
  const at = rng.integer(0, bytes.length - 1);
  bytes.writeUInt8(bytes.readUInt8(at) ^ rng.integer(1, 255), at);
  return { ...event, [field]: bytes };
}

/** Places of the events that are refused. */
export function refusals(events: readonly OuterEvent[], signing: EventSigning): number[] {
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

function split(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    frames.push(bytes.subarray(at, at + bytes.readUInt32BE(at)));
  }
  return frames;
}

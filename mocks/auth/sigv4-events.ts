// Signatures of the events in a request's body (STREAMING-AWS4-HMAC-SHA256-EVENTS): each covers the
// one before it, the first the request's own. Pure; whoever decodes the body calls it per message:
//
//   const verifier = verified.events && createEventVerifier(verified.events);
//   verifier?.({ date, signature, payload });   // throws an AuthRefusal
//
// The outer message's only headers are `:date` (timestamp) and `:chunk-signature` (32 bytes); its
// payload is a whole inner message, or empty at the end. `:date` need not grow, since SDKs mend
// their clock.

import { createHash } from 'node:crypto';
import { signatureMismatch } from './auth-refusal.ts';
import { type CredentialScope, hmac, sameText, scopeText } from './signing-key.ts';
import { basicTime } from './timestamp.ts';

/** Value of x-amz-content-sha256 that announces signed events. */
export const eventsPayload = 'STREAMING-AWS4-HMAC-SHA256-EVENTS';

export interface EventSigning {
  readonly key: Buffer;
  readonly scope: CredentialScope;
  /** The request's signature in hexadecimal. */
  readonly seed: string;
}

export interface SignedEvent {
  readonly date: Date;
  /** The value of `:chunk-signature`. */
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
}

/** Signature of the next event, in hexadecimal; `prior` is that of the event before it. */
export function nextEventSignature(
  { key, scope }: Pick<EventSigning, 'key' | 'scope'>,
  prior: string,
  date: Date,
  payload: Uint8Array,
): string {
  const text = [
    'AWS4-HMAC-SHA256-PAYLOAD',
    basicTime(date),
    scopeText(scope),
    prior,
    hash(encodeDateHeader(date)),
    hash(payload),
  ].join('\n');
  return hmac(key, text).toString('hex');
}

/** Takes one event after another; throws at the first whose signature is wrong, and ever after. */
export function createEventVerifier(signing: EventSigning): (event: SignedEvent) => void {
  let prior: string | undefined = signing.seed;
  return ({ date, signature, payload }) => {
    const given = Buffer.from(signature).toString('hex');
    const wanted = prior === undefined ? '' : nextEventSignature(signing, prior, date, payload);
    prior = sameText(given, wanted) ? given : undefined;
    if (prior === undefined) throw signatureMismatch();
  };
}

/** The `:date` header as it stands in a message: name length, name, type 8, milliseconds. */
export function encodeDateHeader(date: Date): Buffer {
  const name = ':date';
  const bytes = Buffer.alloc(1 + name.length + 1 + 8);
  bytes.writeUInt8(name.length, 0);
  bytes.write(name, 1);
  bytes.writeUInt8(8, 1 + name.length);
  bytes.writeBigInt64BE(BigInt(date.getTime()), 2 + name.length);
  return bytes;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

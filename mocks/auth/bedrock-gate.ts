// The door of the Bedrock fake under `--auth verify`: who asks (SigV4 or bearer key), may they, and
// how the service words its no. Without it nobody looks at the credentials.

import type { Accounts, Principal } from './accounts.ts';
import { AuthRefusal, type RefusalReason, signatureMismatch } from './auth-refusal.ts';
import { verifyBearer } from './bearer.ts';
import type { PlainAnswer } from './plain-answer.ts';
import { checkPolicy } from './policy.ts';
import { headerOf, type SignedRequest } from './signed-request.ts';
import { verifySigV4 } from './sigv4.ts';
import type { EventSigning } from './sigv4-events.ts';

export interface Asked {
  readonly operation: string | undefined;
  /** The service's own path, still encoded and without any prefix. */
  readonly rawPath: string;
  readonly requestId: string;
}

export type Passage =
  | { readonly refusal: PlainAnswer }
  | { readonly refusal: undefined; readonly events: EventSigning | undefined };

export type BedrockGate = (request: SignedRequest, asked: Asked) => Passage;

export function createBedrockGate(accounts: Accounts, now: () => Date): BedrockGate {
  const parts = { accounts, service: 'bedrock', now };
  return (request, asked) => {
    try {
      const bearer = bearerOf(request);
      const { principal, region, events } =
        bearer === undefined ? verifySigV4(request, parts) : keyHolder(verifyBearer(bearer, parts));
      checkEvents(asked.operation, { isBearer: bearer !== undefined, events });
      checkPolicy(principal, { operation: asked.operation, model: modelOf(asked.rawPath), region });
      return { refusal: undefined, events };
    } catch (error) {
      if (!(error instanceof AuthRefusal)) throw error;
      return { refusal: spell(error, asked.requestId) };
    }
  };
}

/**
 * A stream that the client speaks is signed event by event, which the request announces: with any
 * other payload hash (UNSIGNED-PAYLOAD, say) its signature is not one of a stream. Under an API key
 * there is nothing to sign events with, so they come unsigned.
 */
function checkEvents(
  operation: string | undefined,
  { isBearer, events }: { readonly isBearer: boolean; readonly events: EventSigning | undefined },
): void {
  if (operation !== 'InvokeModelWithBidirectionalStream' || isBearer) return;
  if (events === undefined) throw signatureMismatch();
}

/** Keys carry no region; the fake is everywhere, so it names the first one. */
function keyHolder(principal: Principal) {
  return { principal, region: 'us-east-1', events: undefined };
}

function bearerOf(request: SignedRequest): string | undefined {
  return /^Bearer +(.*)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
}

/** `/model/{modelId}/…`; a suffix after `~` speaks to leakbed. */
function modelOf(rawPath: string): string | undefined {
  const [, prefix, segment = ''] = rawPath.split('/');
  if (prefix !== 'model') return undefined;
  try {
    return decodeURIComponent(segment).split('~', 1)[0];
  } catch {
    return segment;
  }
}

/** Name, and the body's key: what the policy engine words has a capital letter there. */
const spelling: Readonly<Record<RefusalReason, readonly [string, 'message' | 'Message']>> = {
  missing: ['MissingAuthenticationTokenException', 'message'],
  incomplete: ['IncompleteSignatureException', 'message'],
  'unknown-key': ['UnrecognizedClientException', 'message'],
  'invalid-signature': ['InvalidSignatureException', 'message'],
  'expired-token': ['ExpiredTokenException', 'message'],
  'bad-api-key': ['AccessDeniedException', 'Message'],
  denied: ['AccessDeniedException', 'Message'],
  'no-model-access': ['AccessDeniedException', 'message'],
};

function spell({ reason, message }: AuthRefusal, requestId: string): PlainAnswer {
  const [name, key] = spelling[reason];
  // All but the last come from the front door, before the service itself has seen the request.
  const origin = reason === 'no-model-access' ? 'com.amazon.bedrock' : 'com.amazon.coral.service';
  return {
    status: 403,
    headers: {
      'Content-Type': 'application/json',
      'x-amzn-RequestId': requestId,
      'x-amzn-ErrorType': `${name}:http://internal.amazon.com/coral/${origin}/`,
    },
    body: Buffer.from(JSON.stringify({ [key]: message })),
  };
}

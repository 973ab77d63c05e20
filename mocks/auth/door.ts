// The door in front of all providers: what is asked of leakbed's identity endpoints is answered
// here, and with `--auth verify` requests must prove who sends them: Bedrock's to `pass`, Vertex
// AI's to the `gate`, once it is known which method of which service is asked.

import { type Accounts, createAccounts, type Identity } from './accounts.ts';
import { type Asked, createBedrockGate, type Passage } from './bedrock-gate.ts';
import { createGoogleDoor, type GoogleOptions } from './google/door.ts';
import type { GoogleGate } from './google/gate.ts';
import { answerIdentity } from './identity-endpoints.ts';
import type { PlainAnswer } from './plain-answer.ts';
import type { SignedRequest } from './signed-request.ts';

export interface DoorOptions {
  /** `off`: nothing is read from the credentials. */
  readonly auth: AuthMode;
  readonly identities: readonly Identity[] | undefined;
  readonly google?: GoogleOptions | undefined;
  now(): Date;
}

export const authModes = ['off', 'verify'] as const;
export type AuthMode = (typeof authModes)[number];

export interface Door {
  /** Undefined when the request is for a provider. */
  identity(request: SignedRequest, newId: () => string): PlainAnswer | undefined;
  /** Undefined when this provider lets everybody in. */
  pass(provider: string, request: SignedRequest, asked: Asked): Passage | undefined;
  /** Vertex AI's; undefined when everybody may come in. */
  readonly gate: GoogleGate | undefined;
}

export function createDoor({ auth, identities, google, now }: DoorOptions): Door {
  const accounts: Accounts = createAccounts(identities);
  const isVerifying = auth === 'verify';
  const googleDoor = createGoogleDoor(google ?? {}, { accounts, isVerifying, now });
  const gates = new Map(isVerifying ? [['bedrock', createBedrockGate(accounts, now)]] : []);
  return {
    identity: (request, newId) =>
      answerIdentity(request, { accounts, isVerifying, now }, newId) ??
      googleDoor.identity(request, newId),
    gate: isVerifying ? googleDoor.gate : undefined,
    pass: (provider, request, asked) => gates.get(provider)?.(request, asked),
  };
}

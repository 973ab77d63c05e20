// Google's half of the door: its identity endpoints and the gate of its services, over one
// directory.

import type { Accounts } from '../accounts.ts';
import type { PlainAnswer } from '../plain-answer.ts';
import type { SignedRequest } from '../signed-request.ts';
import { createAccessTokens } from './access-token.ts';
import { defaultDirectory, type GoogleDirectory, sealingKeyOf, trusting } from './directory.ts';
import { answerGoogle } from './endpoints.ts';
import { createGoogleGate, type GoogleGate } from './gate.ts';
import { createSigningKey, type SigningKey } from './signing-key.ts';

export interface GoogleOptions {
  readonly directory?: GoogleDirectory | undefined;
  /** Of the key file. Without one no service account can sign, and identity tokens get another. */
  readonly key?: SigningKey | undefined;
}

export interface GoogleDoor {
  /** Undefined when the request is for no identity endpoint. */
  identity(request: SignedRequest, newId: () => string): PlainAnswer | undefined;
  readonly gate: GoogleGate;
}

interface Surroundings {
  readonly accounts: Accounts;
  readonly isVerifying: boolean;
  now(): Date;
}

export function createGoogleDoor(options: GoogleOptions, around: Surroundings): GoogleDoor {
  const given = options.directory ?? defaultDirectory;
  const directory = options.key === undefined ? given : trusting(given, options.key);
  const tokens = createAccessTokens(sealingKeyOf(directory));
  let made = options.key;
  const key = () => {
    made ??= createSigningKey();
    return made;
  };
  const gate = createGoogleGate({ directory, tokens, now: around.now });
  const parts = { ...around, directory, tokens, gate, key };
  return { gate, identity: (request, newId) => answerGoogle(request, parts, newId) };
}

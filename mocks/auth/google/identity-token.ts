// Identity tokens (OpenID Connect): who somebody is, for one audience, signed as Google signs them,
// and the public half of the key for whoever verifies them.

import { createPublicKey } from 'node:crypto';
import { type PlainAnswer, plainJson } from '../plain-answer.ts';
import { googleIssuer, uniqueId } from './directory.ts';
import { signJwt } from './jwt.ts';
import type { SigningKey } from './signing-key.ts';

export interface Identified {
  readonly email: string;
  readonly audience: string;
  readonly lastsSeconds?: number;
}

export function identityToken(
  { email, audience, lastsSeconds = 3600 }: Identified,
  key: SigningKey,
  now: Date,
): string {
  const iat = Math.floor(now.getTime() / 1000);
  const sub = uniqueId(email);
  const who = { sub, azp: sub, email, email_verified: true };
  const claims = { iss: googleIssuer, aud: audience, ...who, iat, exp: iat + lastsSeconds };
  return signJwt(claims, key);
}

export function publicKeySet({ id, publicPem }: SigningKey): PlainAnswer {
  const jwk = createPublicKey(publicPem).export({ format: 'jwk' });
  return plainJson(200, { keys: [{ ...jwk, kid: id, use: 'sig', alg: 'RS256' }] });
}

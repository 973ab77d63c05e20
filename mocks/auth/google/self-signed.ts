// Self-signed tokens: a service account's JWT in place of an access token, made offline by the
// client for one service. Source: AIP-4111.

import type { Grant } from './access-token.ts';
import { cloudPlatform } from './access-token.ts';
import { findAccount, type GoogleDirectory, keysOf } from './directory.ts';
import { readJwt } from './jwt.ts';
import type { AskedMethod } from './refusal.ts';

export interface SelfSignedParts {
  readonly directory: GoogleDirectory;
  readonly host: string | undefined;
  readonly asked: AskedMethod;
  now(): Date;
}

/** Both clocks may be wrong by so much. */
export const skewSeconds = 300;
export const longestSeconds = 3600;

/** Undefined for a token that no account has signed, or that is for somebody else. */
export function verifySelfSigned(token: string, parts: SelfSignedParts): Grant | undefined {
  const jwt = readJwt(token);
  const { iss, sub, aud, scope, iat, exp } = jwt?.claims ?? {};
  if (jwt === undefined || typeof iss !== 'string' || sub !== iss) return undefined;
  const account = findAccount(parts.directory, iss);
  const keys = keysOf(account?.publicKeys ?? [], jwt.header.kid);
  if (!keys.some(jwt.isSignedBy)) return undefined;
  if (!isInteger(iat) || !isInteger(exp) || exp - iat > longestSeconds) return undefined;
  if (iat > parts.now().getTime() / 1000 + skewSeconds) return undefined;
  const expiresAt = new Date(exp * 1000);
  if (typeof scope === 'string') return { name: iss, scope, expiresAt };
  // An audience stands for all that the service wants.
  return isFor(aud, parts) ? { name: iss, scope: cloudPlatform, expiresAt } : undefined;
}

export function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** The service, one of its regions, or the address that the client really asked. */
function isFor(audience: unknown, { asked, host }: SelfSignedParts): boolean {
  if (typeof audience !== 'string' || !URL.canParse(audience)) return false;
  const url = new URL(audience);
  return url.host === host || url.host === asked.service || url.host.endsWith(`-${asked.service}`);
}

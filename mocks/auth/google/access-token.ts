// Access tokens without a table of them: each carries who, with which scopes and until when,
// sealed. They begin as Google's do, and then say whose they really are.

import { createTemporaryCredentials } from '../temporary-credentials.ts';

export interface Grant {
  /** Email or `principal://…`. */
  readonly name: string;
  /** Separated by blanks. */
  readonly scope: string;
  readonly expiresAt: Date;
}

export interface AccessTokens {
  /** `nonce` tells apart what was issued within the same second. */
  issue(grant: Grant, nonce: string): string;
  /** Undefined unless it was issued here, or by a replica with the same directory. */
  open(token: string): Grant | undefined;
}

const prefix = 'ya29.leakbed-fake-';
const purpose = 'google access token';

export const cloudPlatform = 'https://www.googleapis.com/auth/cloud-platform';

export function createAccessTokens(key: Buffer): AccessTokens {
  const { seal, unseal } = createTemporaryCredentials(key);
  const spell = (text: string) =>
    prefix + Buffer.from(seal(purpose, text), 'base64').toString('base64url');
  return {
    issue({ name, scope, expiresAt }, nonce) {
      const until = Math.floor(expiresAt.getTime() / 1000);
      return spell(JSON.stringify([name, scope, until, nonce]));
    },
    open(token) {
      if (!token.startsWith(prefix)) return undefined;
      const sealed = Buffer.from(token.slice(prefix.length), 'base64url').toString('base64');
      const text = unseal(purpose, sealed);
      // Two spellings of the same bytes are two tokens, and only one was issued.
      if (text === undefined || spell(text) !== token) return undefined;
      const [name, scope, until] = JSON.parse(text) as [string, string, number];
      return { name, scope, expiresAt: new Date(until * 1000) };
    },
  };
}

// Temporary credentials without a table of them: the session token carries who and until when,
// sealed with a key made of the accounts' secrets; access key and secret are derived from it. So
// nothing grows with the number issued, and replicas with the same accounts agree.

import { hmac, sameText } from './signing-key.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Date;
}

export interface Session {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly expiresAt: Date;
}

export interface TemporaryCredentials {
  /** `nonce` tells apart what was issued within the same second. */
  issue(session: Session, nonce: string): Credentials;
  /** Undefined unless this token was issued here, together with this access key. */
  open(
    sessionToken: string,
    accessKeyId: string,
  ): (Session & { readonly secretAccessKey: string }) | undefined;
  /** Seals any short text, for tokens that are no credentials. */
  seal(purpose: string, text: string): string;
  unseal(purpose: string, token: string): string | undefined;
}

/** Longer tokens than any issued here are not looked into. */
const tokenLimit = 4096;

export function createTemporaryCredentials(key: Buffer): TemporaryCredentials {
  const mac = (purpose: string, text: string) => hmac(key, `${purpose}\n${text}`);
  const seal = (purpose: string, text: string) =>
    Buffer.concat([mac(purpose, text).subarray(0, 16), Buffer.from(text)]).toString('base64');
  const unseal = (purpose: string, token: string) => {
    if (token.length > tokenLimit) return undefined;
    const text = Buffer.from(token, 'base64').subarray(16).toString();
    // Sealing again, not decoding, decides: base64 has several spellings of the same bytes.
    return sameText(seal(purpose, text), token) ? text : undefined;
  };
  const keysOf = (token: string) => ({
    accessKeyId: `ASIA${letters(mac('access key', token))}`,
    secretAccessKey: mac('secret', token).toString('base64').slice(0, 40),
  });
  return {
    issue({ roleArn, sessionName, expiresAt }, nonce) {
      const until = Math.floor(expiresAt.getTime() / 1000);
      const sessionToken = seal('session', JSON.stringify([roleArn, sessionName, until, nonce]));
      return { ...keysOf(sessionToken), sessionToken, expiresAt: new Date(until * 1000) };
    },
    open(sessionToken, accessKeyId) {
      const text = unseal('session', sessionToken);
      const keys = keysOf(sessionToken);
      if (text === undefined || !sameText(keys.accessKeyId, accessKeyId)) return undefined;
      const [roleArn, sessionName, until] = JSON.parse(text) as [string, string, number];
      const { secretAccessKey } = keys;
      return { roleArn, sessionName, expiresAt: new Date(until * 1000), secretAccessKey };
    },
    seal,
    unseal,
  };
}

/** 16 characters of an access key's alphabet. */
function letters(bytes: Buffer): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return [...bytes.subarray(0, 16)].map((byte) => alphabet.charAt(byte & 31)).join('');
}

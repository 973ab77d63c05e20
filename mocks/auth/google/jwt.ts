// JSON Web Tokens with RS256 (RFC 7515, 7519), the one algorithm that Google's keys sign with.

import { type KeyObject, sign, verify } from 'node:crypto';
import type { SigningKey } from './signing-key.ts';

export type Claims = Readonly<Record<string, unknown>>;

export interface Jwt {
  readonly header: Claims;
  readonly claims: Claims;
  isSignedBy(key: KeyObject): boolean;
}

/** Longer tokens are not looked into. */
const tokenLimit = 16_384;

export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

/** Undefined for what is none, or is not in its one canonical spelling. */
export function readJwt(token: string): Jwt | undefined {
  if (token.length > tokenLimit || !looksLikeJwt(token)) return undefined;
  const [head = '', payload = '', signature = ''] = token.split('.');
  const header = objectIn(head);
  const claims = objectIn(payload);
  const bytes = decode(signature);
  if (header === undefined || claims === undefined || bytes === undefined) return undefined;
  return {
    header,
    claims,
    isSignedBy: (key) =>
      header.alg === 'RS256' && verify('sha256', Buffer.from(`${head}.${payload}`), key, bytes),
  };
}

export function signJwt(claims: Claims, { id, privateKey }: SigningKey): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${encode({ alg: 'RS256', kid: id, typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

function objectIn(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(decode(part)?.toString() ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The last character has bits to spare, and only one way to fill them is right. */
function decode(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

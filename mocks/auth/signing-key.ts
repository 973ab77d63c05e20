// The key of Signature Version 4: a secret bound to one day, region and service, and what it signs.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { sha256Hex } from './canonical-request.ts';

export interface CredentialScope {
  /** YYYYMMDD. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const terminator = 'aws4_request';
export const algorithm = 'AWS4-HMAC-SHA256';

export function scopeText({ date, region, service }: CredentialScope): string {
  return `${date}/${region}/${service}/${terminator}`;
}

export function signingKey(secret: string, scope: CredentialScope): Buffer {
  const words = [scope.date, scope.region, scope.service, terminator];
  return words.reduce<Buffer>((key, word) => hmac(key, word), Buffer.from(`AWS4${secret}`));
}

/** Signature of a canonical request, in hexadecimal. `timestamp` is YYYYMMDDTHHMMSSZ. */
export function signCanonical(
  key: Buffer,
  timestamp: string,
  scope: CredentialScope,
  canonical: string,
): string {
  const text = [algorithm, timestamp, scopeText(scope), sha256Hex(canonical)].join('\n');
  return hmac(key, text).toString('hex');
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Compares in a time that says nothing about where two texts differ. */
export function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

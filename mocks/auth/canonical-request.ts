// The canonical request of Signature Version 4: the one spelling of a request that both sides hash.
// Source: "Create a signed AWS API request" (IAM User Guide). Path segments are encoded once more
// as they were sent, since every service but S3 wants it so; decoding them first would lose what
// the client left raw (`:`) or encoded (`%2F`).

import { createHash } from 'node:crypto';
import { headerOf, hostOf, type SignedRequest, splitTarget } from './signed-request.ts';

export interface CanonicalOptions {
  /** As the client lists them; the order is part of what is signed. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  /** The value of `host`, when it is not the one that was sent. */
  readonly host?: string;
  /** A query parameter that is left out: a presigned URL cannot hold its own signature's hash. */
  readonly without?: string;
}

export function canonicalRequest(request: SignedRequest, options: CanonicalOptions): string {
  const { path, query } = splitTarget(request.target);
  const headers = options.signedHeaders.map((name) => {
    const value = headerValue(request, name, options.host);
    return `${name}:${value.trim().replace(/ +/g, ' ')}\n`;
  });
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query, options.without),
    headers.join(''),
    options.signedHeaders.join(';'),
    options.payloadHash,
  ].join('\n');
}

/** SHA-256 in hexadecimal. Text is hashed as the bytes that Node read it from. */
export function sha256Hex(data: string | Uint8Array): string {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  return createHash('sha256').update(bytes).digest('hex');
}

/** RFC 3986: everything but the unreserved characters. */
export function encodeRfc3986(text: string): string {
  const others = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, others);
}

/** A header that is signed but was not sent counts as empty. */
function headerValue(request: SignedRequest, name: string, host: string | undefined): string {
  if (name === 'host' || name === ':authority') return host ?? hostOf(request);
  return headerOf(request, name) ?? '';
}

function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encodeRfc3986(segment));
  }
  const slash = path.endsWith('/') && segments.length > 0 ? '/' : '';
  return `/${segments.join('/')}${slash}`;
}

function canonicalQuery(query: string, without: string | undefined): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const mark = pair.indexOf('=');
      const name = mark < 0 ? pair : pair.slice(0, mark);
      return [decodeText(name), mark < 0 ? '' : decodeText(pair.slice(mark + 1))];
    })
    .filter(([name]) => name !== without)
    .map(([name, value]): [string, string] => [encodeRfc3986(name), encodeRfc3986(value)])
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By code point, which for ASCII is what `<` does; localeCompare would not. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Text that is not valid percent-encoding stands for itself, and then matches nothing. */
function decodeText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

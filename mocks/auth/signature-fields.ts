// Where a SigV4 signature is written: in the Authorization header, or in the query of a presigned
// URL. Reads either into the same fields; what cannot be read is refused in the service's words.

import { createHash } from 'node:crypto';
import { AuthRefusal } from './auth-refusal.ts';
import { headerOf, type SignedRequest, splitTarget } from './signed-request.ts';
import { algorithm } from './signing-key.ts';
import { basicTime, parseBasicTime } from './timestamp.ts';

export interface SignatureFields {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestamp: string;
  readonly signedAt: Date;
  readonly sessionToken: string | undefined;
  /** How long a presigned URL holds; undefined for a header. */
  readonly expiresSeconds: number | undefined;
}

export function readSignature(request: SignedRequest): SignatureFields {
  const authorization = headerOf(request, 'authorization');
  if (authorization !== undefined) return fromHeader(request, authorization);
  const query = new URLSearchParams(splitTarget(request.target).query);
  if (query.has('X-Amz-Signature') || query.has('X-Amz-Algorithm')) return fromQuery(query);
  throw new AuthRefusal('missing', 'Missing Authentication Token');
}

function fromHeader(request: SignedRequest, authorization: string): SignatureFields {
  const [scheme = '', ...rest] = authorization.split(' ');
  // The service shows a hash instead of the header, since it would end up in somebody's log.
  const hash = createHash('sha256').update(authorization).digest('base64');
  const fields = new Map<string, string>();
  for (const pair of rest.join(' ').split(',')) {
    const [, name, value] = /^\s*([^=]+)=(.*?)\s*$/.exec(pair) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
    else if (pair.trim() !== '') {
      const where = 'in Authorization header (hashed with SHA-256 and encoded with Base64)';
      throw incomplete(`Invalid key=value pair (missing equal-sign) ${where}: '${hash}'.`);
    }
  }
  const timestamp = headerOf(request, 'x-amz-date') ?? httpTime(headerOf(request, 'date'));
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => (fields.get(name) ?? '') === '')
    .map((name) => `Authorization header requires '${name}' parameter. `);
  if (timestamp === undefined) {
    const either = "existence of either a 'X-Amz-Date' or a 'Date' header.";
    missing.push(`Authorization header requires ${either} `);
  }
  if (missing.length > 0) {
    const shown = `(Hashed with SHA-256 and encoded with Base64) Authorization=${hash}`;
    throw incomplete(`${missing.join('')}${shown}`);
  }
  checkAlgorithm(scheme);
  return {
    ...readCredential(fields.get('Credential') ?? ''),
    ...readTime(timestamp ?? ''),
    signedHeaders: (fields.get('SignedHeaders') ?? '').split(';'),
    signature: fields.get('Signature') ?? '',
    sessionToken: headerOf(request, 'x-amz-security-token'),
    expiresSeconds: undefined,
  };
}

function fromQuery(query: URLSearchParams): SignatureFields {
  const names = ['Algorithm', 'Credential', 'Signature', 'SignedHeaders', 'Date', 'Expires'];
  const missing = names
    .map((name) => `X-Amz-${name}`)
    .filter((name) => (query.get(name) ?? '') === '')
    .map((name) => `AWS query-string parameters must include '${name}'. `);
  if (missing.length > 0) {
    throw incomplete(`${missing.join('')}Re-examine the query-string parameters.`);
  }
  checkAlgorithm(query.get('X-Amz-Algorithm') ?? '');
  const expires = query.get('X-Amz-Expires') ?? '';
  if (!/^\d{1,6}$/.test(expires) || Number(expires) > weekSeconds) {
    throw incomplete(`X-Amz-Expires must be a number of seconds, at most ${weekSeconds}.`);
  }
  return {
    ...readCredential(query.get('X-Amz-Credential') ?? ''),
    ...readTime(query.get('X-Amz-Date') ?? ''),
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    expiresSeconds: Number(expires),
  };
}

const weekSeconds = 604_800;

function checkAlgorithm(scheme: string): void {
  if (scheme !== algorithm) throw incomplete(`Unsupported AWS 'algorithm': '${scheme}'.`);
}

function readCredential(credential: string) {
  const parts = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parts;
  if (parts.length === 5) return { accessKeyId, date, region, service, terminator };
  const example = 'e.g. keyid/date/region/service/term';
  throw incomplete(
    `Credential must have exactly 5 slash-delimited elements, ${example}, got '${credential}'`,
  );
}

function readTime(timestamp: string) {
  const signedAt = parseBasicTime(timestamp);
  if (signedAt !== undefined) return { timestamp, signedAt };
  const see = 'See http://en.wikipedia.org/wiki/ISO_8601';
  throw incomplete(`Date must be in ISO-8601 'basic format'. Got '${timestamp}'. ${see}`);
}

/** A Date header may stand in for x-amz-date; it is signed in the basic format all the same. */
function httpTime(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : basicTime(date);
}

function incomplete(message: string): AuthRefusal {
  return new AuthRefusal('incomplete', message);
}

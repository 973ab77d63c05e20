// Verifies Signature Version 4, in the Authorization header or in a presigned URL's query. Source:
// "AWS Signature Version 4 for API requests" (IAM User Guide); wording from answers of the service.
// Order: can it be read, is its scope ours, is the key known, is it in time, does it match.

import type { Accounts, Principal } from './accounts.ts';
import { AuthRefusal, signatureMismatch, unknownKey } from './auth-refusal.ts';
import { canonicalRequest, sha256Hex } from './canonical-request.ts';
import { readSignature, type SignatureFields } from './signature-fields.ts';
import { headerOf, hostOf, type SignedRequest, splitTarget } from './signed-request.ts';
import { sameText, signCanonical, signingKey, terminator } from './signing-key.ts';
import { type EventSigning, eventsPayload } from './sigv4-events.ts';
import { basicTime } from './timestamp.ts';

export interface Verified {
  readonly principal: Principal;
  readonly region: string;
  /** Set when the body is a stream of signed events, to verify them with. */
  readonly events?: EventSigning;
}

export interface VerifierParts {
  readonly accounts: Accounts;
  /** Service name that credentials must be scoped to. */
  readonly service: string;
  now(): Date;
}

const skewMinutes = 5;

/** Throws an AuthRefusal for what the service refuses. */
export function verifySigV4(request: SignedRequest, parts: VerifierParts): Verified {
  const fields = readSignature(request);
  checkScope(fields, request, parts.service);
  const key = findKey(fields, parts.accounts);
  checkTime(fields, parts.now());
  if (key.expiresAt !== undefined && key.expiresAt <= parts.now()) {
    const message = 'The security token included in the request is expired';
    throw new AuthRefusal('expired-token', message);
  }
  const signing = signingKey(key.secret, fields);
  checkSignature(request, fields, signing);
  const { region } = fields;
  const verified = { principal: key.principal, region };
  if (headerOf(request, 'x-amz-content-sha256') !== eventsPayload) return verified;
  const { date, service, signature } = fields;
  return {
    ...verified,
    events: { key: signing, scope: { date, region, service }, seed: signature },
  };
}

/** Lists everything that is wrong with the scope, as the service does, blank at the end and all. */
function checkScope(fields: SignatureFields, request: SignedRequest, service: string): void {
  const wrong: string[] = [];
  if (!fields.signedHeaders.some((name) => name === 'host' || name === ':authority')) {
    wrong.push("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const [, realRegion] =
    /^[a-z-]+\.([a-z]+-[a-z-]+-\d)\.amazonaws\.com/.exec(hostOf(request)) ?? [];
  if (fields.region === '' || (realRegion ?? fields.region) !== fields.region) {
    wrong.push('Credential should be scoped to a valid region.');
  }
  if (fields.service !== service) {
    wrong.push(`Credential should be scoped to correct service: '${service}'.`);
  }
  if (fields.terminator !== terminator) {
    wrong.push(
      `Credential should be scoped with a valid terminator: '${terminator}', ` +
        `not '${fields.terminator}'.`,
    );
  }
  const day = fields.timestamp.slice(0, 8);
  if (fields.date !== day) {
    wrong.push(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${fields.date}' != '${day}', from '${fields.timestamp}'.`,
    );
  }
  if (wrong.length > 0) throw invalid(wrong.map((sentence) => `${sentence} `).join(''));
}

function findKey(
  { accessKeyId, sessionToken }: SignatureFields,
  accounts: Accounts,
): { readonly secret: string; readonly principal: Principal; readonly expiresAt?: Date } {
  const known = accounts.findKey(accessKeyId);
  if (known !== undefined) {
    const { key, principal } = known;
    if (!sameText(key.sessionToken ?? '', sessionToken ?? '')) throw unknownKey();
    const { secret, expiresAt } = key;
    return { secret, principal, ...(expiresAt && { expiresAt: new Date(expiresAt) }) };
  }
  const session = accounts.temporary.open(sessionToken ?? '', accessKeyId);
  const principal = session && accounts.findRole(session.roleArn, session.sessionName);
  if (session === undefined || principal === undefined) throw unknownKey();
  return { secret: session.secretAccessKey, principal, expiresAt: session.expiresAt };
}

function checkTime(fields: SignatureFields, now: Date): void {
  const at = (seconds: number) => basicTime(new Date(now.getTime() + seconds * 1000));
  const agoSeconds = (now.getTime() - fields.signedAt.getTime()) / 1000;
  const validSeconds = fields.expiresSeconds ?? skewMinutes * 60;
  if (agoSeconds > validSeconds) {
    const span =
      fields.expiresSeconds === undefined ? `${skewMinutes} min.` : `${validSeconds} sec.`;
    const earliest = `${at(-validSeconds)} (${at(0)} - ${span})`;
    throw invalid(`Signature expired: ${fields.timestamp} is now earlier than ${earliest}`);
  }
  if (-agoSeconds > skewMinutes * 60) {
    const latest = `${at(skewMinutes * 60)} (${at(0)} + ${skewMinutes} min.)`;
    throw invalid(`Signature not yet current: ${fields.timestamp} is still later than ${latest}`);
  }
}

function checkSignature(request: SignedRequest, fields: SignatureFields, key: Buffer): void {
  const payloadHash = payloadHashOf(request);
  const host = hostOf(request);
  const isPresigned = fields.expiresSeconds !== undefined;
  // Some clients sign the host without its port; the real service listens on the default one.
  const hosts = new Set([host, host.replace(/:\d+$/, '')]);
  const isMatch = [...hosts].some((signedHost) => {
    const canonical = canonicalRequest(request, {
      signedHeaders: fields.signedHeaders,
      payloadHash,
      host: signedHost,
      ...(isPresigned && { without: 'X-Amz-Signature' }),
    });
    return sameText(signCanonical(key, fields.timestamp, fields, canonical), fields.signature);
  });
  if (!isMatch) throw signatureMismatch();
}

/** What the client says it sent, if that is true; without a word, what it sent. */
function payloadHashOf(request: SignedRequest): string {
  const query = new URLSearchParams(splitTarget(request.target).query);
  const claimed = headerOf(request, 'x-amz-content-sha256') ?? query.get('X-Amz-Content-Sha256');
  if (claimed === 'UNSIGNED-PAYLOAD' || claimed === eventsPayload) return claimed;
  const actual = sha256Hex(request.body);
  if (claimed !== null && claimed !== undefined && claimed !== actual) throw signatureMismatch();
  return actual;
}

function invalid(message: string): AuthRefusal {
  return new AuthRefusal('invalid-signature', message);
}

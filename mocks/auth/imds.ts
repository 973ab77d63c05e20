// The instance metadata service, version 2 only: a session token first, then the credentials of the
// instance's role. Source: "Use the Instance Metadata Service" (EC2 User Guide). Tokens are sealed,
// so none is kept.

import type { Accounts } from './accounts.ts';
import { accountId } from './accounts.ts';
import { type PlainAnswer, plainText } from './plain-answer.ts';
import { headerOf, type SignedRequest, splitTarget } from './signed-request.ts';
import { isoSeconds } from './timestamp.ts';

export interface ImdsParts {
  readonly accounts: Accounts;
  now(): Date;
}

const region = 'us-east-1';
const roleName = 'leakbed-instance';
const instanceId = 'i-0123456789abcdef0';
const sessionSeconds = 6 * 3600;
const ttlHeader = 'x-aws-ec2-metadata-token-ttl-seconds';

export function isImdsPath(path: string): boolean {
  return path === '/latest' || path.startsWith('/latest/');
}

export function answerImds(
  request: SignedRequest,
  parts: ImdsParts,
  requestId: string,
): PlainAnswer {
  const { path } = splitTarget(request.target);
  if (path === '/latest/api/token') return issueToken(request, parts);
  if (request.method !== 'GET') return plainText(405, '');
  if (!isTokenValid(request, parts)) return plainText(401, '');
  const text = metadata(path.replace(/\/+$/, ''), parts, requestId);
  return text === undefined ? plainText(404, '') : plainText(200, text);
}

function issueToken(request: SignedRequest, { accounts, now }: ImdsParts): PlainAnswer {
  if (request.method !== 'PUT') return plainText(405, '');
  // A proxy in between is refused, or it could hand the token on.
  if (headerOf(request, 'x-forwarded-for') !== undefined) return plainText(403, '');
  const ttl = headerOf(request, ttlHeader) ?? '';
  if (!/^\d{1,5}$/.test(ttl) || Number(ttl) < 1 || Number(ttl) > 21_600) return plainText(400, '');
  const until = now().getTime() + Number(ttl) * 1000;
  const answer = plainText(200, accounts.temporary.seal('imds', String(until)));
  return { ...answer, headers: { ...answer.headers, [ttlHeader]: ttl } };
}

function isTokenValid(request: SignedRequest, { accounts, now }: ImdsParts): boolean {
  const token = headerOf(request, 'x-aws-ec2-metadata-token') ?? '';
  const until = accounts.temporary.unseal('imds', token);
  return until !== undefined && Number(until) > now().getTime();
}

function metadata(path: string, parts: ImdsParts, requestId: string): string | undefined {
  const credentials = '/latest/meta-data/iam/security-credentials';
  switch (path) {
    case credentials:
      return roleName;
    case `${credentials}/${roleName}`:
      return roleCredentials(parts, requestId);
    case '/latest/meta-data/instance-id':
      return instanceId;
    case '/latest/meta-data/placement/region':
      return region;
    case '/latest/meta-data/placement/availability-zone':
      return `${region}a`;
    case '/latest/dynamic/instance-identity/document':
      return JSON.stringify({ accountId, region, instanceId, availabilityZone: `${region}a` });
    default:
      return undefined;
  }
}

function roleCredentials({ accounts, now }: ImdsParts, requestId: string): string {
  const expiresAt = new Date(now().getTime() + sessionSeconds * 1000);
  const roleArn = `arn:aws:iam::${accountId}:role/${roleName}`;
  const session = { roleArn, sessionName: instanceId, expiresAt };
  const issued = accounts.temporary.issue(session, requestId);
  const body = {
    Code: 'Success',
    LastUpdated: isoSeconds(now()),
    Type: 'AWS-HMAC',
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    Token: issued.sessionToken,
    Expiration: isoSeconds(issued.expiresAt),
  };
  return JSON.stringify(body, null, 2);
}

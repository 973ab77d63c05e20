// The Security Token Service as far as credential chains need it: GetCallerIdentity, AssumeRole,
// AssumeRoleWithWebIdentity. Source: AWS STS API Reference (2011-06-15). A role's trust is not
// modelled: who has a key may assume every role that the accounts know.

import type { Accounts, Principal } from './accounts.ts';
import { isRole } from './accounts.ts';
import { AuthRefusal, type RefusalReason } from './auth-refusal.ts';
import type { PlainAnswer } from './plain-answer.ts';
import type { SignedRequest } from './signed-request.ts';
import { splitTarget } from './signed-request.ts';
import { verifySigV4 } from './sigv4.ts';
import { stsError, stsResult, type XmlFields } from './sts-xml.ts';
import { isoSeconds } from './timestamp.ts';

export interface StsParts {
  readonly accounts: Accounts;
  /** False: everybody is the accounts' first user. */
  readonly isVerifying: boolean;
  now(): Date;
}

/** The parameters of a query-protocol request, or undefined when this is none. */
export function readStsCall(request: SignedRequest): URLSearchParams | undefined {
  const { path, query } = splitTarget(request.target);
  if (!path.endsWith('/')) return undefined;
  const text = request.method === 'POST' ? request.body.toString() : query;
  if (text.length > 100_000) return undefined;
  const params = new URLSearchParams(text);
  return params.has('Action') ? params : undefined;
}

export function answerSts(
  request: SignedRequest,
  params: URLSearchParams,
  parts: StsParts,
  requestId: string,
): PlainAnswer {
  const action = params.get('Action') ?? '';
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (run === undefined || params.get('Version') !== '2011-06-15') {
    const version = params.get('Version') ?? '';
    const message = `Could not find operation ${action} for version ${version}`;
    return stsError(400, 'InvalidAction', message, requestId);
  }
  try {
    return stsResult(action, run({ request, params, parts, requestId }), requestId);
  } catch (error) {
    if (error instanceof StsProblem) return stsError(400, error.code, error.message, requestId);
    if (!(error instanceof AuthRefusal)) throw error;
    const [status, code] = spelling[error.reason];
    const message = error.reason === 'missing' ? missing : error.message;
    return stsError(status, code, message, requestId);
  }
}

class StsProblem extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'StsProblem';
    this.code = code;
  }
}

const missing = 'Request is missing Authentication Token';

const spelling: Readonly<Record<RefusalReason, readonly [number, string]>> = {
  missing: [403, 'MissingAuthenticationToken'],
  incomplete: [400, 'IncompleteSignature'],
  'unknown-key': [403, 'InvalidClientTokenId'],
  'invalid-signature': [403, 'SignatureDoesNotMatch'],
  'expired-token': [403, 'ExpiredToken'],
  'bad-api-key': [403, 'InvalidClientTokenId'],
  denied: [403, 'AccessDenied'],
  'no-model-access': [403, 'AccessDenied'],
};

interface StsCall {
  readonly request: SignedRequest;
  readonly params: URLSearchParams;
  readonly parts: StsParts;
  readonly requestId: string;
}

const actions: Readonly<Record<string, (call: StsCall) => XmlFields>> = {
  GetCallerIdentity(call) {
    const { arn, userId } = callerOf(call);
    return { Arn: arn, UserId: userId, Account: arn.split(':')[4] ?? '' };
  },
  AssumeRole: (call) => assume(call, callerOf(call)),
  AssumeRoleWithWebIdentity(call) {
    const subject = readWebIdentity(call);
    return {
      SubjectFromWebIdentityToken: subject.sub,
      Audience: subject.aud,
      Provider: subject.iss,
      ...assume(call, undefined),
    };
  },
};

function callerOf({ request, parts }: StsCall): Principal {
  if (!parts.isVerifying) return parts.accounts.first;
  return verifySigV4(request, { ...parts, service: 'sts' }).principal;
}

function assume(call: StsCall, caller: Principal | undefined): XmlFields {
  const { params, parts, requestId } = call;
  const { arn, sessionName, durationSeconds } = readRole(params);
  const role = parts.accounts.findRole(arn, sessionName);
  if (role === undefined) {
    const who = caller === undefined ? '' : `User: ${caller.arn} is not`;
    const action = caller === undefined ? 'AssumeRoleWithWebIdentity' : 'AssumeRole';
    const what = `authorized to perform: sts:${action}`;
    throw new AuthRefusal(
      'denied',
      caller === undefined ? `Not ${what}` : `${who} ${what} on resource: ${arn}`,
    );
  }
  const expiresAt = new Date(parts.now().getTime() + durationSeconds * 1000);
  const session = { roleArn: arn, sessionName, expiresAt };
  const issued = parts.accounts.temporary.issue(session, requestId);
  return {
    AssumedRoleUser: { AssumedRoleId: role.userId, Arn: role.arn },
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: isoSeconds(issued.expiresAt),
    },
  };
}

function readRole(params: URLSearchParams) {
  const arn = params.get('RoleArn');
  const sessionName = params.get('RoleSessionName');
  const duration = params.get('DurationSeconds') ?? '3600';
  const broken: string[] = [];
  const check = (ok: boolean, value: string | null, name: string, rule: string) => {
    const shown = value === null ? 'null' : `'${value}'`;
    if (!ok)
      broken.push(`Value ${shown} at '${name}' failed to satisfy constraint: Member ${rule}`);
  };
  check(arn !== null, arn, 'roleArn', 'must not be null');
  check(sessionName !== null, sessionName, 'roleSessionName', 'must not be null');
  const isName = /^[\w+=,.@-]{2,64}$/.test(sessionName ?? 'ok');
  const pattern = 'must satisfy regular expression pattern: [\\w+=,.@-]*';
  check(isName, sessionName, 'roleSessionName', pattern);
  const seconds = /^\d{1,6}$/.test(duration) ? Number(duration) : 0;
  const least = 'must have value greater than or equal to 900';
  check(seconds >= 900, duration, 'durationSeconds', least);
  const most = 'must have value less than or equal to 43200';
  check(seconds <= 43_200, duration, 'durationSeconds', most);
  if (broken.length > 0) {
    const count = `${broken.length} validation error${broken.length === 1 ? '' : 's'} detected`;
    throw new StsProblem('ValidationError', `${count}: ${broken.join('; ')}`);
  }
  if (!isRole(arn ?? '')) throw new StsProblem('ValidationError', `${arn} is invalid`);
  return { arn: arn ?? '', sessionName: sessionName ?? '', durationSeconds: seconds };
}

/** The claims of the token. Nobody here could check who signed it, so nobody does. */
function readWebIdentity({ params, parts }: StsCall) {
  const token = params.get('WebIdentityToken') ?? '';
  const claims = claimsOf(token);
  if (claims === undefined) {
    const hint = '(You may see this error if you sent an Access Token)';
    throw new StsProblem(
      'InvalidIdentityToken',
      `The ID Token provided is not a valid JWT. ${hint}`,
    );
  }
  const nowSeconds = Math.floor(parts.now().getTime() / 1000);
  if (typeof claims.exp === 'number' && claims.exp < nowSeconds) {
    const when = `current date/time ${nowSeconds} must be before the expiration date/time`;
    throw new StsProblem('ExpiredTokenException', `Token expired: ${when} ${claims.exp}`);
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { sub: text(claims.sub), aud: text(claims.aud), iss: text(claims.iss) };
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  const [head, payload, signature] = token.split('.');
  if (!head || !payload || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? { ...claims } : undefined;
  } catch {
    return undefined;
  }
}

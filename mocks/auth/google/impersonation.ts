// Service account impersonation, `:generateAccessToken` of iamcredentials.googleapis.com: whoever
// has a token gets one of a service account. Who may impersonate whom is not modelled. Source:
// "Method: projects.serviceAccounts.generateAccessToken" (IAM Credentials API).

import { type PlainAnswer, plainJson } from '../plain-answer.ts';
import { headerOf, type SignedRequest } from '../signed-request.ts';
import { isoSeconds } from '../timestamp.ts';
import { findAccount } from './directory.ts';
import { type GoogleGate, iamService } from './gate.ts';
import { type GoogleParts, objectIn } from './oauth.ts';
import { type AskedMethod, GoogleRefusal, permissionDenied } from './refusal.ts';

export interface ImpersonationParts extends GoogleParts {
  readonly gate: GoogleGate;
}

const asked: AskedMethod = {
  service: iamService,
  method: 'google.iam.credentials.v1.IAMCredentials.GenerateAccessToken',
};
const iam = { ...asked, service: 'iam.googleapis.com' };
const pathShape = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/;
const longestSeconds = 3600;

export function isImpersonationPath(path: string): boolean {
  return pathShape.test(path);
}

export function answerImpersonation(
  request: SignedRequest,
  path: string,
  parts: ImpersonationParts,
  nonce: string,
): PlainAnswer {
  if (request.method !== 'POST') return plainJson(405, { error: { code: 405 } });
  const email = pathShape.exec(path)?.[1]?.replace('%40', '@') ?? '';
  try {
    return plainJson(200, impersonate(request, email, parts, nonce));
  } catch (error) {
    if (!(error instanceof GoogleRefusal)) throw error;
    return spelled(error);
  }
}

function impersonate(
  request: SignedRequest,
  email: string,
  { directory, tokens, gate, isVerifying, now }: ImpersonationParts,
  nonce: string,
) {
  if (isVerifying) {
    gate.authenticate(
      {
        authorization: headerOf(request, 'authorization'),
        apiKey: undefined,
        userProject: undefined,
        host: headerOf(request, 'host'),
      },
      asked,
    );
    if (!email.includes('@') || findAccount(directory, email) === undefined) {
      const resource = `projects/-/serviceAccounts/${email}`;
      throw permissionDenied('iam.serviceAccounts.getAccessToken', resource, iam);
    }
  }
  const { scope, lifetime = `${longestSeconds}s` } = objectIn(request.body) ?? {};
  const scopes = Array.isArray(scope) ? scope.map(String) : [];
  const seconds = Number(/^(\d{1,6})s$/.exec(String(lifetime))?.[1] ?? 0);
  if (scopes.length === 0 || seconds < 1 || seconds > longestSeconds) {
    const info = { reason: 'INVALID_ARGUMENT', domain: asked.service, metadata: {} };
    const message = 'Request contains an invalid argument.';
    throw new GoogleRefusal('INVALID_ARGUMENT', message, info);
  }
  const expiresAt = new Date(now().getTime() + seconds * 1000);
  const grant = { name: email, scope: scopes.join(' '), expiresAt };
  return { accessToken: tokens.issue(grant, nonce), expireTime: isoSeconds(expiresAt) };
}

const httpStatus = { UNAUTHENTICATED: 401, PERMISSION_DENIED: 403, INVALID_ARGUMENT: 400 };

function spelled({ status, message, info, challenge }: GoogleRefusal): PlainAnswer {
  const code = httpStatus[status];
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', ...info }];
  const answer = plainJson(code, { error: { code, message, status, details } });
  if (challenge === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': challenge } };
}

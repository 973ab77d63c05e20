// Why Google lets a request not come in: status, words and the ErrorInfo behind them. REST, gRPC
// and WebSocket spell it each in their own way.
// Source: google/api/error_reason.proto, and answers that users of the service have published.

import type { ErrorInfo } from '../../../injectors/stream.ts';

export type RefusalStatus = 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'INVALID_ARGUMENT';

export class GoogleRefusal extends Error {
  readonly status: RefusalStatus;
  readonly info: ErrorInfo;
  /** Of the WWW-Authenticate header, where there is one. */
  readonly challenge: string | undefined;
  constructor(status: RefusalStatus, message: string, info: ErrorInfo, challenge?: string) {
    super(message);
    this.name = 'GoogleRefusal';
    this.status = status;
    this.info = info;
    this.challenge = challenge;
  }
}

/** What was asked: `aiplatform.googleapis.com`, `google.cloud.….PredictionService.Predict`. */
export interface AskedMethod {
  readonly service: string;
  readonly method: string;
}

const google = 'googleapis.com';
const realm = 'Bearer realm="https://accounts.google.com/"';
const expected =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. ' +
  'See https://developers.google.com/identity/sign-in/web/devconsole-project.';

export function credentialsMissing({ method, service }: AskedMethod): GoogleRefusal {
  const info = { reason: 'CREDENTIALS_MISSING', domain: google, metadata: { method, service } };
  const message = `Request is missing required authentication credential. ${expected}`;
  return new GoogleRefusal('UNAUTHENTICATED', message, info, realm);
}

/** Expired or not a token at all: the words are the same, the reason is not. */
export function invalidToken(
  reason: 'ACCESS_TOKEN_EXPIRED' | 'ACCESS_TOKEN_TYPE_UNSUPPORTED',
  { method, service }: AskedMethod,
): GoogleRefusal {
  const info = { reason, domain: google, metadata: { method, service } };
  const message = `Request had invalid authentication credentials. ${expected}`;
  return new GoogleRefusal('UNAUTHENTICATED', message, info, `${realm}, error="invalid_token"`);
}

export function scopeInsufficient(scope: string, { method, service }: AskedMethod): GoogleRefusal {
  const reason = 'ACCESS_TOKEN_SCOPE_INSUFFICIENT';
  const info = { reason, domain: google, metadata: { method, service } };
  const message = 'Request had insufficient authentication scopes.';
  const challenge = `${realm}, error="insufficient_scope", scope="${scope}"`;
  return new GoogleRefusal('PERMISSION_DENIED', message, info, challenge);
}

export function apiKeyInvalid(isExpired: boolean, { service }: AskedMethod): GoogleRefusal {
  const info = { reason: 'API_KEY_INVALID', domain: google, metadata: { service } };
  const message = isExpired
    ? 'API key expired. Please renew the API key.'
    : 'API key not valid. Please pass a valid API key.';
  return new GoogleRefusal('INVALID_ARGUMENT', message, info);
}

export function permissionDenied(
  permission: string,
  resource: string,
  { service }: AskedMethod,
): GoogleRefusal {
  const metadata = { permission, resource };
  const info = { reason: 'IAM_PERMISSION_DENIED', domain: service, metadata };
  const message =
    `Permission '${permission}' denied on resource '//${service}/${resource}' ` +
    '(or it may not exist).';
  return new GoogleRefusal('PERMISSION_DENIED', message, info);
}

/** The project in the resource's name may not be used. */
export function projectDenied(project: string, { service }: AskedMethod): GoogleRefusal {
  const metadata = { consumer: `projects/${project}`, containerInfo: project, service };
  const info = { reason: 'CONSUMER_INVALID', domain: google, metadata };
  const message = `Permission denied on resource project ${project}.`;
  return new GoogleRefusal('PERMISSION_DENIED', message, info);
}

/** The project that `x-goog-user-project` wants to pay may not be used. */
export function quotaProjectDenied(project: string, { service }: AskedMethod): GoogleRefusal {
  const metadata = { consumer: `projects/${project}`, containerInfo: project, service };
  const info = { reason: 'USER_PROJECT_DENIED', domain: google, metadata };
  const message =
    `Caller does not have required permission to use project ${project}. Grant the caller the ` +
    'roles/serviceusage.serviceUsageConsumer role, or a custom role with the ' +
    'serviceusage.services.use permission, by visiting ' +
    `https://console.developers.google.com/iam-admin/iam/project?project=${project} and then ` +
    'retry. Propagation of the new permission may take a few minutes.';
  return new GoogleRefusal('PERMISSION_DENIED', message, info);
}

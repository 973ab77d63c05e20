// The error vocabulary of Google APIs: google.rpc codes with their HTTP status, usual text and
// details, under Google's names and the neutral ones. Sources: google/rpc/code.proto, AIP-193, and
// texts seen from Vertex AI.

import type { GrpcStatus } from '../provider.ts';
import { prettyJson } from './json.ts';
import { rpcType } from './protos.ts';

export interface GoogleError {
  readonly code: number;
  readonly status: string;
  readonly httpStatus: number;
  readonly message: string;
  readonly details: readonly ErrorDetail[];
}

/** A detail in JSON form; `@type` says which google.rpc message it is. */
export type ErrorDetail = { readonly '@type': string } & Readonly<Record<string, unknown>>;

const service = 'aiplatform.googleapis.com';
const anyOf = (name: string) => `type.googleapis.com/google.rpc.${name}`;
const errorInfo = (reason: string, metadata: Readonly<Record<string, string>>, domain = service) =>
  ({ '@type': anyOf('ErrorInfo'), reason, domain, metadata }) satisfies ErrorDetail;

interface Row {
  readonly code: number;
  readonly httpStatus: number;
  readonly message: string;
  readonly details?: readonly ErrorDetail[];
}

const codes: Readonly<Record<string, Row>> = {
  CANCELLED: { code: 1, httpStatus: 499, message: 'The operation was cancelled.' },
  UNKNOWN: { code: 2, httpStatus: 500, message: 'Unknown error.' },
  INVALID_ARGUMENT: {
    code: 3,
    httpStatus: 400,
    message: 'Request contains an invalid argument.',
  },
  DEADLINE_EXCEEDED: {
    code: 4,
    httpStatus: 504,
    message: 'Deadline expired before operation could complete.',
  },
  NOT_FOUND: { code: 5, httpStatus: 404, message: 'Requested entity was not found.' },
  ALREADY_EXISTS: { code: 6, httpStatus: 409, message: 'Requested entity already exists' },
  PERMISSION_DENIED: {
    code: 7,
    httpStatus: 403,
    message: 'The caller does not have permission',
    details: [errorInfo('IAM_PERMISSION_DENIED', { permission: 'aiplatform.endpoints.predict' })],
  },
  RESOURCE_EXHAUSTED: {
    code: 8,
    httpStatus: 429,
    message:
      'Resource exhausted. Please try again later. Please refer to ' +
      'https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.',
  },
  FAILED_PRECONDITION: { code: 9, httpStatus: 400, message: 'Precondition check failed.' },
  ABORTED: { code: 10, httpStatus: 409, message: 'The operation was aborted.' },
  OUT_OF_RANGE: { code: 11, httpStatus: 400, message: 'Operation was attempted past its range.' },
  UNIMPLEMENTED: {
    code: 12,
    httpStatus: 501,
    message: 'Operation is not implemented, or supported, or enabled.',
  },
  INTERNAL: { code: 13, httpStatus: 500, message: 'Internal error encountered.' },
  UNAVAILABLE: { code: 14, httpStatus: 503, message: 'The service is currently unavailable.' },
  DATA_LOSS: { code: 15, httpStatus: 500, message: 'Unrecoverable data loss.' },
  UNAUTHENTICATED: {
    code: 16,
    httpStatus: 401,
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login ' +
      'cookie or other valid authentication credential. See ' +
      'https://developers.google.com/identity/sign-in/web/devconsole-project.',
    details: [errorInfo('ACCESS_TOKEN_TYPE_UNSUPPORTED', { service }, 'googleapis.com')],
  },
};

const quotaMetric = `${service}/online_prediction_requests_per_base_model`;

/** A project's own quota says which one and when to come back; shared capacity says neither. */
const quotaError: Row = {
  code: 8,
  httpStatus: 429,
  message:
    `Quota exceeded for ${quotaMetric} with base model: gemini. Please submit a quota increase ` +
    'request. https://cloud.google.com/vertex-ai/docs/generative-ai/quotas-genai.',
  details: [
    errorInfo('RATE_LIMIT_EXCEEDED', {
      service,
      quota_metric: quotaMetric,
      quota_limit_value: '60',
    }),
    {
      '@type': anyOf('QuotaFailure'),
      violations: [{ subject: 'project:leakbed', description: `Quota exceeded: ${quotaMetric}` }],
    },
    { '@type': anyOf('RetryInfo'), retryDelay: '45.837906927s' },
  ],
};

/** As UNAUTHENTICATED, but the reason says that the token was good once. */
const expiredToken: Row = {
  code: 16,
  httpStatus: 401,
  message: 'Request had invalid authentication credentials. The access token has expired.',
  details: [errorInfo('ACCESS_TOKEN_EXPIRED', { service }, 'googleapis.com')],
};

const neutral: Readonly<Record<string, string>> = {
  validation: 'INVALID_ARGUMENT',
  'access-denied': 'PERMISSION_DENIED',
  'not-found': 'NOT_FOUND',
  throttling: 'RESOURCE_EXHAUSTED',
  quota: 'RESOURCE_EXHAUSTED',
  timeout: 'DEADLINE_EXCEEDED',
  internal: 'INTERNAL',
  unavailable: 'UNAVAILABLE',
  'model-error': 'INTERNAL',
  'expired-token': 'UNAUTHENTICATED',
  'unknown-operation': 'UNIMPLEMENTED',
  // Anthropic's own, where a model behind gRPC refuses.
  invalid_request_error: 'INVALID_ARGUMENT',
  rate_limit_error: 'RESOURCE_EXHAUSTED',
  overloaded_error: 'UNAVAILABLE',
  api_error: 'INTERNAL',
};

/** Errors that say more than their code does. */
const special: Readonly<Record<string, Row>> = { quota: quotaError, 'expired-token': expiredToken };

/** Names outside the vocabulary count as UNKNOWN and keep their name in the message. */
export function googleError(name: string, message: string): GoogleError {
  const status = own(neutral, name) ?? name;
  const row = own(special, name) ?? own(codes, status);
  if (row === undefined) {
    return { ...googleError('UNKNOWN', message), message: message === '' ? name : message };
  }
  const { code, httpStatus, details = [] } = row;
  return { code, status, httpStatus, message: message === '' ? row.message : message, details };
}

/** The envelope as REST prints it, where `code` is the HTTP status and not google.rpc's. */
export function errorJson({ status, httpStatus, message, details }: GoogleError): string {
  const shown = details.length === 0 ? {} : { details };
  return prettyJson({ error: { code: httpStatus, message, status, ...shown } });
}

/** Trailers for gRPC; `details` holds the code and message again, as Google sends them. */
export function grpcStatusOf(error: GoogleError): GrpcStatus {
  const { code, message } = error;
  if (error.details.length === 0) return { code, message };
  const status = rpcType('Status');
  const details = error.details.map(withDuration);
  const encoded = status.encode(status.fromObject({ code, message, details })).finish();
  return { code, message, details: Buffer.from(encoded) };
}

/** JSON spells a Duration as "1.5s"; the message wants seconds and nanoseconds. */
function withDuration(detail: ErrorDetail): object {
  const delay = detail.retryDelay;
  if (typeof delay !== 'string') return detail;
  const [seconds = '0', fraction = ''] = delay.replace('s', '').split('.');
  const nanos = Number(fraction.padEnd(9, '0'));
  return { ...detail, retryDelay: { seconds: Number(seconds), nanos } };
}

/** Names come from outside, and `constructor` must not be one that is known. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

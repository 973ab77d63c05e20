// The errors of Bedrock Runtime: one table from which both the whole HTTP answer and the error
// inside a stream are spelled. Source: Bedrock Runtime API 2023-09-30, "Errors" of each operation.

import type { ErrorAnswer, neutralErrors } from '../provider.ts';

/** The server's word for a path that no operation has is neutral too. */
type NeutralName = (typeof neutralErrors)[number] | 'unknown-operation';

interface ModelledError {
  readonly status: number;
  readonly message: string;
  /** Members beside `message`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Front-door errors come from another namespace, which x-amzn-ErrorType shows. */
  readonly isFrontDoor?: boolean;
}

/** Exceptions by the name in `x-amzn-ErrorType`; in a stream the first letter is lower case. */
const modelled = {
  AccessDeniedException: {
    status: 403,
    message: "You don't have access to the model with the specified model ID.",
  },
  ConflictException: { status: 400, message: 'Error occurred because of a conflict.' },
  InternalServerException: {
    status: 500,
    message:
      'The system encountered an unexpected error during processing. Try your request again.',
  },
  ModelErrorException: {
    status: 424,
    message: 'The request failed due to an error while processing the model.',
    extra: { originalStatusCode: 500, resourceName: 'model' },
  },
  ModelNotReadyException: {
    status: 429,
    message: 'The model specified in the request is not ready to serve inference requests.',
  },
  ModelStreamErrorException: {
    status: 424,
    message: 'An error occurred while streaming the response.',
    extra: { originalStatusCode: 500, originalMessage: 'Internal Server Error' },
  },
  ModelTimeoutException: {
    status: 408,
    message: 'The request took too long to process and exceeded the model timeout length.',
  },
  ResourceNotFoundException: {
    status: 404,
    message: 'Could not resolve the foundation model from the provided model identifier.',
  },
  ServiceQuotaExceededException: {
    status: 400,
    message: 'Your request exceeds the service quota for your account.',
  },
  ServiceUnavailableException: {
    status: 503,
    message: 'Bedrock is unable to process your request.',
  },
  ThrottlingException: {
    status: 429,
    message: 'Too many requests, please wait before trying again.',
  },
  ValidationException: {
    status: 400,
    message: 'The input fails to satisfy the constraints specified by the service.',
  },
  SerializationException: { status: 400, message: '', isFrontDoor: true },
  UnknownOperationException: { status: 404, message: '', isFrontDoor: true },
  UnrecognizedClientException: {
    status: 403,
    message: 'The security token included in the request is invalid.',
    isFrontDoor: true,
  },
  InvalidSignatureException: {
    status: 403,
    message: 'The request signature we calculated does not match the signature you provided.',
    isFrontDoor: true,
  },
  ExpiredTokenException: {
    status: 403,
    message: 'The security token included in the request is expired',
    isFrontDoor: true,
  },
} as const satisfies Record<string, ModelledError>;

type ModelledName = keyof typeof modelled;

/** Neutral names; the second spelling, where there is one, is used inside a stream. */
const neutral = {
  validation: ['ValidationException'],
  'access-denied': ['AccessDeniedException'],
  'not-found': ['ResourceNotFoundException'],
  throttling: ['ThrottlingException'],
  quota: ['ServiceQuotaExceededException'],
  timeout: ['ModelTimeoutException'],
  internal: ['InternalServerException'],
  unavailable: ['ServiceUnavailableException'],
  'model-error': ['ModelErrorException', 'ModelStreamErrorException'],
  'expired-token': ['ExpiredTokenException'],
  'unknown-operation': ['UnknownOperationException'],
} as const satisfies Record<NeutralName, readonly [ModelledName, ModelledName?]>;

/** `unmodelled.NAME` means an error outside of the API's model. */
const unmodelledPrefix = 'unmodelled.';

export function unmodelledError(
  name: string,
  message: string,
): { readonly code: string; readonly message: string } | undefined {
  if (!name.startsWith(unmodelledPrefix)) return undefined;
  const code = name.slice(unmodelledPrefix.length) || 'InternalFailure';
  return { code, message: message || 'An internal error occurred.' };
}

/** The whole answer. A name that is not Bedrock's own goes out as it is, with status 500. */
export function errorAnswer(given: string, text: string, requestId: string): ErrorAnswer {
  const unmodelled = unmodelledError(given, text);
  const name = unmodelled?.code ?? given;
  const message = unmodelled?.message ?? text;
  const known = isNeutral(name) ? neutral[name][0] : findModelled(name);
  const error: ModelledError | undefined = known && modelled[known];
  const namespace = error?.isFrontDoor === true ? 'com.amazon.coral.service' : 'com.amazon.bedrock';
  return {
    status: error?.status ?? 500,
    headers: {
      'Content-Type': 'application/json',
      'x-amzn-RequestId': requestId,
      'x-amzn-ErrorType': `${known ?? name}:http://internal.amazon.com/coral/${namespace}/`,
    },
    body: Buffer.from(JSON.stringify(bodyOf(error, message))),
  };
}

/**
 * An error inside a stream. Only neutral names and the members' own spelling give the modelled
 * member: `ThrottlingException` goes out as it is, which SDKs do not recognize there.
 */
export function streamError(
  name: string,
  message: string,
): { readonly member: string; readonly body: Readonly<Record<string, unknown>> } {
  const known = isNeutral(name) ? (neutral[name].at(-1) ?? neutral[name][0]) : findModelled(name);
  const member = known !== undefined && isNeutral(name) ? memberName(known) : name;
  return { member, body: bodyOf(known && modelled[known], message) };
}

function bodyOf(error: ModelledError | undefined, message: string): Record<string, unknown> {
  return { message: message === '' ? (error?.message ?? '') : message, ...error?.extra };
}

function findModelled(name: string): ModelledName | undefined {
  return (Object.keys(modelled) as ModelledName[]).find(
    (known) => known === name || memberName(known) === name,
  );
}

function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function isNeutral(name: string): name is NeutralName {
  return Object.hasOwn(neutral, name);
}

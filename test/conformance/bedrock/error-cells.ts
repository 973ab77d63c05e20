// Errors in place of the answer, row by row: the exception, its status, and how often each SDK asks
// by its own rule.

export interface ErrorRow {
  /** Neutral or Bedrock's own name. */
  readonly name: string;
  readonly exception: string;
  readonly status: number;
  /** Requests of the AWS SDK with its usual three attempts. */
  readonly sdkRequests: 1 | 3;
  /** Requests of the Anthropic SDK when allowed one retry. */
  readonly anthropicRequests: 1 | 2;
  /** Requests of the AI SDK, which waits two and then four seconds. */
  readonly aiRequests: 1 | 3;
}

export const errorRows: readonly ErrorRow[] = [
  row('validation', 'ValidationException', 400, 1, 1, 1),
  row('access-denied', 'AccessDeniedException', 403, 1, 1, 1),
  row('not-found', 'ResourceNotFoundException', 404, 1, 1, 1),
  row('throttling', 'ThrottlingException', 429, 3, 2, 3),
  row('quota', 'ServiceQuotaExceededException', 400, 1, 1, 1),
  row('timeout', 'ModelTimeoutException', 408, 1, 2, 3),
  row('internal', 'InternalServerException', 500, 3, 2, 3),
  row('unavailable', 'ServiceUnavailableException', 503, 3, 2, 3),
  row('model-error', 'ModelErrorException', 424, 1, 1, 1),
  row('ModelNotReadyException', 'ModelNotReadyException', 429, 3, 2, 3),
  row('ModelStreamErrorException', 'ModelStreamErrorException', 424, 1, 1, 1),
  row('ConflictException', 'ConflictException', 400, 1, 1, 1),
  row('unmodelled.InternalFailure', 'InternalFailure', 500, 3, 2, 3),
];

function row(
  name: string,
  exception: string,
  status: number,
  sdkRequests: 1 | 3,
  anthropicRequests: 1 | 2,
  aiRequests: 1 | 3,
): ErrorRow {
  return { name, exception, status, sdkRequests, anthropicRequests, aiRequests };
}

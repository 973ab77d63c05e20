// Every failure that a client is told about: a status, and OpenAI's error object as its body.
// Source: https://platform.openai.com/docs/guides/error-codes

export class GatewayError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = 'GatewayError';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A provider's status as the client should see it: its own mistakes, the limits, the outages. */
export function providerError(status: number, code: string, message: string): GatewayError {
  const passedOn = [400, 404, 408, 413, 429, 503, 504].includes(status) ? status : 502;
  return new GatewayError(passedOn, code, message);
}

const types: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  429: 'rate_limit_error',
};

export function errorBody({ status, code, message }: GatewayError): object {
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return { error: { message, type, param: null, code } };
}

// Errors in Anthropic's own form, which hosts pass through where the model's front end refuses, and
// inside streams. Source: Anthropic API reference, "Errors".

/** Type to HTTP status. */
export const anthropicErrors: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

const neutral: Readonly<Record<string, string>> = {
  validation: 'invalid_request_error',
  'access-denied': 'permission_error',
  'not-found': 'not_found_error',
  throttling: 'rate_limit_error',
  quota: 'rate_limit_error',
  timeout: 'timeout_error',
  unavailable: 'overloaded_error',
};

const usualText: Readonly<Record<string, string>> = {
  overloaded_error: 'Overloaded',
  api_error: 'Internal server error',
  rate_limit_error: 'This request would exceed your rate limit. Please try again later.',
};

export function isAnthropicError(name: string): boolean {
  return Object.hasOwn(anthropicErrors, name);
}

/** The whole object for a neutral name or one of Anthropic's; others are api_error. */
export function anthropicErrorJson(name: string, message: string): string {
  const own = isAnthropicError(name) ? name : undefined;
  const type = own ?? (Object.hasOwn(neutral, name) ? neutral[name] : undefined) ?? 'api_error';
  const text = message === '' ? (usualText[type] ?? type) : message;
  return JSON.stringify({ type: 'error', error: { type, message: text } });
}

// An HTTP status in place of the response, in the provider's own body, and when to try again as
// clients look for it: Retry-After (RFC 9110 section 10.2.3), google.rpc.RetryInfo in Google's
// details. Over gRPC the error that the status stands for is the answer.

import { defineInjector } from '../injector.ts';
import { duration, integer, text, word } from '../options.ts';
import { setHeader } from '../stream/set-header.ts';
import { refusal } from './refusal.ts';

/** Statuses that an error of either provider has; any other is sent with the words of the last. */
const names: Readonly<Record<number, string>> = {
  400: 'validation',
  401: 'expired-token',
  403: 'access-denied',
  404: 'not-found',
  408: 'timeout',
  424: 'model-error',
  429: 'throttling',
  503: 'unavailable',
  504: 'timeout',
};

export const status = defineInjector({
  name: 'status',
  family: 'response',
  summary: 'Answers with an HTTP status, and says when to try again.',
  options: {
    code: integer(503, 'HTTP status; 200 hides that it is an error', { min: 200, max: 599 }),
    name: word('by-code', "a neutral name or one of the provider's own; by-code: as the status"),
    message: text('', "the error's text; empty: what the provider itself says"),
    'retry-after': duration('0ms', 'how long the client shall wait, in whole seconds; 0: not said'),
  },
  example: 'status;code=429;retry-after=2s',
  isTerminal: true,
  explain: ({ code }) => `answers with status ${code}; over gRPC and WebSocket with its error`,
  head: (head, { 'retry-after': waitMs }, { transport }) => {
    if (waitMs === 0 || transport === 'grpc') return head;
    return setHeader(head, 'Retry-After', String(Math.ceil(waitMs / 1000)));
  },
  wire: (_frames, { code, name, message, 'retry-after': waitMs }, context) => {
    const known = name === 'by-code' ? (names[code] ?? 'internal') : name;
    context.note(waitMs === 0 ? `${code}` : `${code}, retry after ${waitMs} ms`);
    return refusal(known, message, { status: code, ...(waitMs > 0 && { retryAfterMs: waitMs }) });
  },
});

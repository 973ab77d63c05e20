// What SDKs make of faults of an answer as a whole; above each row, the example that was observed.

import type { Observations } from './observation.ts';

export const responseObservations: Observations = {
  // error;name=throttling
  error: [
    'error ThrottlingException: Too many requests, please wait before tr 0',
    'error ThrottlingException: Too many requests, please wait before tr 0',
    'error 8: RESOURCE_EXHAUSTED: Resource exhausted. 0',
    'error ApiError 429 0',
    'error 8: Resource exhausted. Please try again lat 0',
    'error closed 1011 Resource exhausted. Please t 0',
  ],
  // status;code=429;retry-after=2s
  status: [
    'error ThrottlingException: Too many requests, please wait before tr 0',
    'error ThrottlingException: Too many requests, please wait before tr 0',
    'error 8: RESOURCE_EXHAUSTED: Resource exhausted. 0',
    'error ApiError 429 0',
    'error 8: Resource exhausted. Please try again lat 0',
    'error closed 1011 Resource exhausted. Please t 0',
  ],
  // expired-token
  'expired-token': [
    'error ExpiredTokenException: The security token included in the reque 0',
    'error ExpiredTokenException: The security token included in the reque 0',
    'error 16: UNAUTHENTICATED: Request had invalid aut 0',
    'error ApiError 401 0',
    'error 16: Request had invalid authentication crede 0',
    'error closed 1008 Request had invalid authenti 0',
  ],
  // token-storm;count=2;every=10s
  'token-storm': [
    'error ExpiredTokenException: The security token included in the reque 0',
    'error ExpiredTokenException: The security token included in the reque 0',
    'error 16: UNAUTHENTICATED: Request had invalid aut 0',
    'error ApiError 401 0',
    'error 16: Request had invalid authentication crede 0',
    'error closed 1008 Request had invalid authenti 0',
  ],
  // outage;from=0ms;for=10s
  outage: [
    'error ServiceUnavailableException: Bedrock is unable to process your reques 0',
    'error ServiceUnavailableException: Bedrock is unable to process your reques 0',
    'error 14: UNAVAILABLE: The service is currently un 0',
    'error ApiError 503 0',
    'error 14: The service is currently unavailable. 0',
    'error closed 1011 The service is currently una 0',
  ],
  // quota;count=2;window=10s
  quota: [
    'error ThrottlingException: Too many requests, please wait before tr 0',
    'error ThrottlingException: Too many requests, please wait before tr 0',
    'error 8: RESOURCE_EXHAUSTED: Resource exhausted. 0',
    'error ApiError 429 0',
    'error 8: Resource exhausted. Please try again lat 0',
    'error closed 1011 Resource exhausted. Please t 0',
  ],
  // succeed-after;failures=1
  'succeed-after': [
    'ok 10',
    'ok 10',
    'error 14: UNAVAILABLE: The service is currently un 0',
    'error ApiError 503 0',
    'error 14: The service is currently unavailable. 0',
    'error closed 1011 The service is currently una 0',
  ],
  // slow-headers;for=200ms
  'slow-headers': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'n/a'],
  // slow-body;drip=64B;gap=2ms
  'slow-body': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // header-bomb;count=3;size=16B
  'header-bomb': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'n/a'],
  // huge-body;size=2MiB
  'huge-body': ['ok 42', 'ok 42', 'ok 39', 'ok 39', 'ok 39', 'ok 40'],
  // empty-body
  'empty-body': ['silent 0', 'silent 0', 'silent 0', 'silent 0', 'silent 0', 'hang 0'],
  // html-error;code=502
  'html-error': [
    'error SyntaxError: Unexpected token \'<\', "<html> <h"... is 0',
    'error SyntaxError: Unexpected token \'<\', "<html> <h"... is 0',
    'error 14: UNAVAILABLE: Received HTTP status code 5 0',
    'error ApiError 502 0',
    'error 13: Error response from RPC StreamGenerateCo 0',
    'n/a',
  ],
  // gzip-bomb;size=1MiB
  'gzip-bomb': [
    'error Truncated event message received. Deseri 0',
    'error Truncated event message received. Deseri 0',
    'error 13: INTERNAL: Response message parsing error 0',
    'silent 0',
    'error Internal Error: API service stream data 0',
    'n/a',
  ],
  // redirect;code=307
  redirect: [
    'error Unknown: UnknownError 0',
    'error Unknown: UnknownError 0',
    'error 2: UNKNOWN: Received HTTP status code 307 0',
    'error ApiError 404 0',
    'error leakbed fakes no such endpoint: POST /mo 0',
    'n/a',
  ],
  // connection-close
  'connection-close': [
    'ok 10, then ok 10',
    'ok 10, then ok 10',
    'ok 7, then ok 7',
    'ok 7, then ok 7',
    'ok 7, then ok 7',
    'ok 8, then ok 8',
  ],
  // clock-skew;by=60m
  'clock-skew': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'n/a'],
};

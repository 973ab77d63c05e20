// What SDKs make of toxics of the TCP proxy; above each row, the example that was observed.

import type { Observations } from './observation.ts';

export const tcpObservations: Observations = {
  // tcp-noop
  'tcp-noop': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // tcp-latency;latency=100;jitter=20
  'tcp-latency': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // tcp-bandwidth;rate=64
  'tcp-bandwidth': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // tcp-slicer;average_size=64;size_variation=32;delay=1000
  'tcp-slicer': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // tcp-limit-data;bytes=4096
  'tcp-limit-data': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // tcp-timeout;timeout=1000
  'tcp-timeout': [
    'error TimeoutError: socket hang up 0',
    'error TimeoutError: Unexpected error: http2 request did not 0',
    'error 14: UNAVAILABLE: No connection established. 0',
    'error TypeError: fetch failed 0',
    'error 14: request to http://HOST/v1/projects/p/loc 0',
    'error closed 1006 0',
  ],
  // tcp-slow-close;delay=2000
  'tcp-slow-close': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // tcp-reset-peer;timeout=100
  'tcp-reset-peer': [
    'error TimeoutError: read ECONNRESET 0',
    'error read ECONNRESET 0 | error TimeoutError: Unexpected error: http2 request did not 0',
    'error 14: UNAVAILABLE: No connection established. 0',
    'error TypeError: fetch failed 0',
    'error 14: request to http://HOST/v1/projects/p/loc 0',
    'error closed 1006 0',
  ],
  // tcp-down
  'tcp-down': [
    'error connect ECONNREFUSED HOST 0',
    'error The pending stream has been canceled (ca 0',
    'error 14: UNAVAILABLE: No connection established. 0',
    'error TypeError: fetch failed 0',
    'error 14: request to http://HOST/v1/projects/p/loc 0',
    'error closed 1006 0',
  ],
};

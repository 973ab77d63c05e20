// What SDKs make of faults of gRPC and HTTP/2; above each row, the example that was observed.

import type { Observations } from './observation.ts';

export const grpcObservations: Observations = {
  // grpc-status;at=2;code=RESOURCE_EXHAUSTED;details=all
  'grpc-status': [
    'n/a',
    'n/a',
    'error 8: RESOURCE_EXHAUSTED: Resource exhausted. 2',
    'n/a',
    'n/a',
    'n/a',
  ],
  // no-trailers
  'no-trailers': [
    'n/a',
    'n/a',
    'error 13: INTERNAL: Received RST_STREAM with code 7',
    'n/a',
    'n/a',
    'n/a',
  ],
  // bad-length-prefix;at=2;length=max
  'bad-length-prefix': ['n/a', 'n/a', 'silent 1', 'n/a', 'n/a', 'n/a'],
  // compressed-flag;at=2
  'compressed-flag': ['n/a', 'n/a', 'error undefined undefined: undefined 1', 'n/a', 'n/a', 'n/a'],
  // half-message;at=2
  'half-message': ['n/a', 'n/a', 'silent 2', 'n/a', 'n/a', 'n/a'],
  // zero-window
  'zero-window': ['n/a', 'ok 10, then ok 10', 'ok 7, then hang 0', 'n/a', 'n/a', 'n/a'],
  // settings-flood;at=2
  'settings-flood': [
    'n/a',
    'error Flooding was detected in this HTTP/2 ses 0-2',
    'error 13: INTERNAL: Received RST_STREAM with code 2',
    'n/a',
    'n/a',
    'n/a',
  ],
  // ping-flood;at=2
  'ping-flood': [
    'n/a',
    'error Flooding was detected in this HTTP/2 ses 0-2',
    'error 13: INTERNAL: Received RST_STREAM with code 2',
    'n/a',
    'n/a',
    'n/a',
  ],
};

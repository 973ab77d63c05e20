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
  // zero-streams
  'zero-streams': ['n/a', 'ok 10, then ok 10', 'ok 7, then hang 0', 'n/a', 'n/a', 'n/a'],
  // small-header-list
  'small-header-list': [
    'n/a',
    'ok 10, then ok 10',
    'ok 7, then error 8: RESOURCE_EXHAUSTED: Bandwidth exhausted 0',
    'n/a',
    'n/a',
    'n/a',
  ],
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
  // empty-data-flood;at=2
  'empty-data-flood': [
    'n/a',
    'error Too many invalid HTTP/2 frames 0-2',
    'error 13: INTERNAL: Received RST_STREAM with code 2',
    'n/a',
    'n/a',
    'n/a',
  ],
  // window-overflow;at=3
  'window-overflow': [
    'n/a',
    'error Flow control error 0-3',
    'error 13: INTERNAL: Received RST_STREAM with code 3',
    'n/a',
    'n/a',
    'n/a',
  ],
  // half-frame;at=3
  'half-frame': [
    'n/a',
    'error RangeError: Offset is outside the bounds of the Data 3',
    'hang 3',
    'n/a',
    'n/a',
    'n/a',
  ],
  // bad-hpack;at=3
  'bad-hpack': [
    'n/a',
    'hang 3',
    'error 13: INTERNAL: Received RST_STREAM with code 3',
    'n/a',
    'n/a',
    'n/a',
  ],
  // http1-text;at=3
  'http1-text': [
    'n/a',
    'hang 3',
    'error 13: INTERNAL: Received RST_STREAM with code 3',
    'n/a',
    'n/a',
    'n/a',
  ],
};

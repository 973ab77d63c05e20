// What SDKs make of faults inside an answer; above each row, the example that was observed.

import type { Observations } from './observation.ts';

export const streamObservations: Observations = {
  // noop
  noop: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // ttft;for=50ms
  ttft: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // slow;gap=20ms;jitter=5ms
  slow: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // bandwidth;rate=64KiB
  bandwidth: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // stall;at=2;for=300ms
  stall: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // hang;at=3
  hang: ['hang 3', 'hang 3', 'hang 3', 'hang 3', 'hang 3', 'hang 3'],
  // truncate;at=3;end=cut
  truncate: [
    'error aborted 0-3',
    'silent 3',
    'error 14: UNAVAILABLE: Connection dropped 3',
    'error TypeError: terminated 3',
    'error Premature close 3',
    'error closed 1006 3',
  ],
  // reset;at=3
  reset: [
    'error aborted 0-3',
    'silent 3',
    'error 14: UNAVAILABLE: read ECONNRESET 3',
    'error TypeError: terminated 3',
    'error Premature close 3',
    'error closed 1006 3',
  ],
  // cancel;at=3;code=2
  cancel: [
    'error aborted 0-3',
    'error Stream closed with error code NGHTTP2_IN 3',
    'error 13: INTERNAL: Received RST_STREAM with code 3',
    'error TypeError: terminated 3',
    'error Premature close 3',
    'error closed 1006 3',
  ],
  // close;at=3;code=1008
  close: [
    'error aborted 0-3',
    'silent 3',
    'error 14: UNAVAILABLE: Connection dropped 3',
    'error TypeError: terminated 3',
    'error Premature close 3',
    'error closed 1008 3',
  ],
  // goaway;at=3;code=2;end=cut
  goaway: [
    'error aborted 0-3',
    'error Session closed with error code 2 3',
    'error 13: INTERNAL: Received RST_STREAM with code 3',
    'error TypeError: terminated 3',
    'error Premature close 3',
    'error closed 1006 3',
  ],
  // bad-framing;at=3
  'bad-framing': [
    'error aborted 0-3',
    'hang 3',
    'error 13: INTERNAL: Received RST_STREAM with code 3',
    'error TypeError: terminated 3',
    'error Premature close 0-3',
    'error closed 1006 3',
  ],
  // withhold-end
  'withhold-end': ['hang 10', 'hang 10', 'hang 7', 'hang 7', 'ok 7', 'ok 8'],
  // corrupt;at=2;region=payload
  corrupt: [
    'error The message checksum (#) did not match t 1',
    'error The message checksum (#) did not match t 1',
    'ok 7',
    'error SyntaxError: Unexpected token \'~\', "~"candidat"... is 1',
    'error stream.push() after EOF 2',
    'ok 7',
  ],
  // malformed-json;at=3
  'malformed-json': [
    "error SyntaxError: Expected ',' or '}' after property value 2",
    "error SyntaxError: Expected ',' or '}' after property value 2",
    'n/a',
    "error SyntaxError: Expected ',' or '}' after property value 2",
    'silent 2',
    'ok 7',
  ],
  // lie;at=2;length=+7
  lie: [
    'error The prelude checksum specified in the me 1',
    'error The prelude checksum specified in the me 1',
    'error 13: INTERNAL: Response message parsing error 1',
    'n/a',
    'n/a',
    'error unhandled SyntaxError: Unexpected non-wh 1',
  ],
  // garbage;at=2;every=3
  garbage: [
    'error Truncated event message received. 2',
    'error Truncated event message received. 2',
    'silent 2',
    'ok 5',
    'ok 7',
    'error closed 1006 2',
  ],
  // duplicate;at=3
  duplicate: ['ok 11', 'ok 11', 'ok 8', 'ok 8', 'ok 8', 'ok 9'],
  // reorder;at=3
  reorder: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // drop;at=3;count=2
  drop: ['ok 8', 'ok 8', 'ok 5', 'ok 5', 'ok 5', 'ok 6'],
  // no-stop
  'no-stop': ['silent 8', 'silent 8', 'silent 7', 'silent 7', 'silent 7', 'ok 7'],
  // no-usage
  'no-usage': ['ok 9', 'ok 9', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // coalesce;count=4
  coalesce: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // split;bytes=1
  split: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // exception;at=3;name=throttling
  exception: [
    'error ThrottlingException: Too many requests, please wait before tr 3',
    'error ThrottlingException: Too many requests, please wait before tr 3',
    'error 8: RESOURCE_EXHAUSTED: Resource exhausted. 3',
    'error Incomplete JSON segment at the end 3',
    'silent 4',
    'error closed 1011 Resource exhausted. Please t 3',
  ],
  // oversize;size=1MiB;at=2
  oversize: ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'ok 8'],
  // flood;limit=1MiB
  flood: ['ok 43701', 'ok 43701', 'ok 43698', 'ok 43698', 'ok 43698', 'ok 43699'],
  // ping-only;gap=1ms;count=20
  'ping-only': ['ok 30', 'ok 30', 'ok 27', 'ok 27', 'ok 27', 'ok 28'],
  // sse-comment;every=2
  'sse-comment': ['n/a', 'n/a', 'n/a', 'ok 7', 'n/a', 'n/a'],
  // sse-no-newline
  'sse-no-newline': [
    'n/a',
    'n/a',
    'n/a',
    'error Incomplete JSON segment at the end 6',
    'n/a',
    'n/a',
  ],
  // array-never-closed
  'array-never-closed': ['n/a', 'n/a', 'n/a', 'n/a', 'ok 7', 'n/a'],
  // wrong-content-type;type=text/html
  'wrong-content-type': ['ok 10', 'ok 10', 'ok 7', 'ok 7', 'ok 7', 'n/a'],
  // wrong-encoding
  'wrong-encoding': [
    'ok 10',
    'ok 10',
    'n/a',
    'error TypeError: terminated 0',
    'error incorrect header check 0',
    'n/a',
  ],
  // wrong-length;length=64KiB
  'wrong-length': [
    'error aborted 0-10',
    'error Stream closed with error code NGHTTP2_PR 10',
    'n/a',
    'error TypeError: terminated 7',
    'ok 7',
    'n/a',
  ],
};

// Faults before the head of an answer, row by row: what clients ask again for, and how often. The
// AWS SDK and boto3 may ask three times, Anthropic's twice here; the AI SDK's own retries are
// switched off.

import {
  type Cell,
  connectionClosed,
  type FaultRow,
  fails,
  overHttp2 as handlersOfHttp2,
  hangs,
  readTimeout,
  sdks,
  whole,
} from './cell.ts';

const noResponse = /^TimeoutError: Unexpected error: http2 request did not get a response/;
const hungUp = /^TimeoutError: socket hang up$/;
const wasReset = /^TimeoutError: read ECONNRESET$/;
const unreachable = /^AI_APICallError: Cannot connect to API: /;

const overHttp1 = (error: RegExp) => ({
  'sdk-http1': fails(0, error, 3),
  anthropic: fails(0, /^APIConnectionError: Connection error\.$/, 2),
  'ai-sdk': fails(0, unreachable),
  boto3: fails(0, connectionClosed, 3),
});
const overHttp2 = (cell: Cell) => ({ ...handlersOfHttp2(cell), 'sdk-invoke': cell });
const streamError = (name: string) =>
  new RegExp(`^Error: Stream closed with error code NGHTTP2_${name}$`);
/** A race inside Node: the socket's error or the session's end comes first. */
const lostSession = /^(TimeoutError: Unexpected error: http2 request|Error: read ECONNRESET)/;

export const beforeHeadRows: readonly FaultRow[] = [
  ...[0, 8].map((code) => ({
    fault: `cancel;at=headers;code=${code}`,
    what: `RST_STREAM ${code} in place of an answer`,
    cells: { ...overHttp2(fails(0, noResponse, 3)), ...overHttp1(wasReset) },
  })),
  ...[
    { code: 1, name: 'PROTOCOL_ERROR' },
    { code: 2, name: 'INTERNAL_ERROR' },
    { code: 11, name: 'ENHANCE_YOUR_CALM' },
  ].map(({ code, name }) => ({
    fault: `cancel;at=headers;code=${code}`,
    what: `RST_STREAM with ${name} in place of an answer, which is not retried`,
    cells: { ...overHttp2(fails(0, streamError(name))), ...overHttp1(wasReset) },
  })),
  {
    fault: 'cancel;at=headers;code=7',
    what: 'RST_STREAM with REFUSED_STREAM in place of an answer, which is retried',
    cells: { ...overHttp2(fails(0, streamError('REFUSED_STREAM'), 3)), ...overHttp1(wasReset) },
  },
  {
    fault: 'truncate;at=headers',
    what: 'the connection is closed in place of an answer',
    cells: { ...overHttp2(fails(0, lostSession, 3)), ...overHttp1(hungUp) },
  },
  {
    fault: 'reset;at=headers',
    what: 'the connection is reset in place of an answer',
    cells: { ...overHttp2(fails(0, lostSession, 3)), ...overHttp1(wasReset) },
  },
  {
    fault: 'goaway;at=headers;code=0;end=cut',
    what: 'GOAWAY without an error in place of an answer, and the connection is closed',
    cells: { ...overHttp2(fails(0, lostSession, 3)), ...overHttp1(hungUp) },
  },
  {
    fault: 'goaway;at=headers;code=2;end=cut',
    what: 'GOAWAY with an error in place of an answer, which is not retried',
    cells: {
      ...overHttp2(fails(0, /^Error: Session closed with error code 2$/)),
      ...overHttp1(hungUp),
    },
  },
  {
    fault: 'bad-framing;at=headers',
    what: 'what is no HTTP in place of an answer',
    cells: {
      ...overHttp1(/^Error: Parse Error: Expected HTTP\//),
      ...overHttp2(fails(0, /^Error: Protocol error$/)),
      'sdk-http1': fails(0, /^Error: Parse Error: Expected HTTP\//),
    },
  },
  {
    fault: 'hang;at=headers',
    what: 'silence in place of an answer',
    cells: { ...sdks(hangs(0)), 'ai-sdk': hangs(0), boto3: fails(0, readTimeout, 3) },
  },
  { fault: 'stall;at=headers;for=50ms', what: 'a late head', cells: whole() },
];

// Faults of the transport inside a stream, row by row. HTTP/2 hides most of them from the caller,
// HTTP/1.1 does not.

import {
  afterLast,
  breaks,
  connectionClosed,
  type FaultRow,
  fails,
  handlers,
  hangs,
  hiddenByHttp2,
  ok,
  overHttp2,
  readTimeout,
  sdks,
  truncated,
  whole,
} from './cell.ts';

const streamError = (code: string) => new RegExp(`^Error: Stream closed with error code ${code}$`);
const flooded = breaks(3, /^Error: Flooding was detected in this HTTP\/2 session/);
const invalidChunk = /^ProtocolError: .*InvalidChunkLength/;
const sessionError = /^Error: Session closed with error code 2$/;

const connectionRows: readonly FaultRow[] = [
  {
    fault: 'truncate;at=3;end=cut',
    what: 'the connection is closed after three events',
    cells: hiddenByHttp2(ok(3)),
  },
  {
    fault: 'truncate;at=mid-frame:3;end=cut',
    what: 'the connection is closed inside the fourth event',
    cells: hiddenByHttp2(fails(3, truncated)),
  },
  {
    fault: 'truncate;at=end;end=cut',
    what: 'the connection is closed in place of the end of the message',
    cells: afterLast((events) => ok(events)),
  },
  {
    fault: 'reset;at=3',
    what: 'the connection is reset after three events',
    cells: hiddenByHttp2(ok(3)),
  },
  {
    fault: 'reset;at=mid-frame:3',
    what: 'the connection is reset inside the fourth event',
    cells: hiddenByHttp2(fails(3, truncated)),
  },
  {
    fault: 'reset;at=end',
    what: 'the connection is reset in place of the end of the message',
    cells: afterLast((events) => ok(events)),
  },
  {
    fault: 'wrong-length',
    what: 'a content-length that is never reached',
    cells: {
      ...afterLast((events) => breaks(events, streamError('NGHTTP2_PROTOCOL_ERROR'))),
      // Its event stream reads to the end of the connection and does not count.
      boto3: ok(10),
    },
  },
];

const cancelRows: readonly FaultRow[] = [
  ...[
    { code: 0, name: 'NO_ERROR' },
    { code: 8, name: 'CANCEL' },
  ].flatMap(({ code, name }) => [
    {
      fault: `cancel;at=3;code=${code}`,
      what: `RST_STREAM with ${name}, which HTTP/2 clients take for an end`,
      cells: hiddenByHttp2(ok(3)),
    },
    {
      fault: `cancel;at=mid-frame:3;code=${code}`,
      what: `RST_STREAM with ${name} inside the fourth event`,
      cells: hiddenByHttp2(fails(3, truncated)),
    },
  ]),
  ...[
    { code: 2, name: 'INTERNAL_ERROR' },
    { code: 7, name: 'REFUSED_STREAM' },
    { code: 11, name: 'ENHANCE_YOUR_CALM' },
  ].map(({ code, name }) => ({
    fault: `cancel;at=3;code=${code}`,
    what: `RST_STREAM with ${name} after events: too late to be retried`,
    cells: hiddenByHttp2(breaks(3, streamError(`NGHTTP2_${name}`))),
  })),
  {
    fault: 'cancel;at=end;code=2',
    what: 'RST_STREAM with INTERNAL_ERROR in place of the end',
    cells: afterLast((events) => breaks(events, streamError('NGHTTP2_INTERNAL_ERROR'))),
  },
];

const sessionRows: readonly FaultRow[] = [
  { fault: 'goaway;code=0', what: 'GOAWAY and a proper end', cells: whole() },
  {
    fault: 'goaway;at=3;code=0;end=cut',
    what: 'GOAWAY without an error, and the connection is closed',
    cells: hiddenByHttp2(ok(3)),
  },
  {
    fault: 'goaway;at=3;code=2;end=cut',
    what: 'GOAWAY with an error',
    cells: hiddenByHttp2(breaks(3, sessionError)),
  },
  {
    fault: 'goaway;at=3;code=0;last=none;end=hang',
    what: 'GOAWAY that disowns the stream it interrupts: over HTTP/1.1 silence',
    cells: {
      ...overHttp2(breaks(3, streamError('NGHTTP2_REFUSED_STREAM'))),
      'sdk-invoke': breaks(3, streamError('NGHTTP2_REFUSED_STREAM')),
    },
  },
  {
    fault: 'bad-framing;at=3',
    what: 'a chunk size that is none, or an HTTP/2 frame that is too large',
    cells: { ...hiddenByHttp2(hangs(3)), boto3: breaks(3, invalidChunk) },
  },
  {
    fault: 'settings-flood;at=3;end=hang',
    what: '5,000 empty SETTINGS',
    cells: { ...whole(), ...overHttp2(flooded), 'sdk-invoke': flooded },
  },
];

const silentRows: readonly FaultRow[] = [
  {
    fault: 'hang;at=0',
    what: 'silence after the head',
    cells: { ...sdks(hangs(0)), 'ai-sdk': hangs(0), boto3: fails(0, readTimeout) },
  },
  {
    fault: 'hang;at=3',
    what: 'silence after three events',
    cells: { ...sdks(hangs(3)), 'ai-sdk': hangs(3), boto3: fails(3, readTimeout) },
  },
  {
    fault: 'withhold-end',
    what: 'silence after the last event',
    cells: {
      ...handlers(hangs(10)),
      'sdk-invoke': hangs(11),
      // The last event of a Messages stream ends it, whatever HTTP says.
      anthropic: hangs(11),
      'ai-sdk': hangs(10),
      boto3: fails(10, readTimeout),
    },
  },
];

/** HTTP/1.1 alone: the fault has no counterpart in HTTP/2. */
const headRows: readonly FaultRow[] = [
  {
    fault: 'header-bomb',
    what: '64 KiB of headers',
    cells: {
      ...overHttp2(fails(0, streamError('NGHTTP2_FRAME_SIZE_ERROR'))),
      'sdk-http1': fails(0, /^Error: Parse Error: Header overflow$/),
      'sdk-invoke': fails(0, streamError('NGHTTP2_FRAME_SIZE_ERROR')),
      anthropic: fails(0, /^APIConnectionError: Connection error\.$/, 2),
      'ai-sdk': fails(0, /^AI_APICallError: Cannot connect to API: Headers Overflow Error$/),
      boto3: ok(10),
    },
  },
  {
    fault: 'header-bomb;count=200;size=16B',
    what: '200 small headers, too many for HTTP/2 alone',
    cells: {
      ...whole(),
      ...overHttp2(fails(0, streamError('NGHTTP2_ENHANCE_YOUR_CALM'))),
      'sdk-invoke': fails(0, streamError('NGHTTP2_ENHANCE_YOUR_CALM')),
      // Python's http.client takes a hundred.
      boto3: fails(0, connectionClosed, 3),
    },
  },
];

export const brokenStreamRows = [
  ...connectionRows,
  ...cancelRows,
  ...sessionRows,
  ...silentRows,
  ...headRows,
];

/** Outcomes that take longer than a suite may wait, and what stands for them. */
export const slowCells = [
  {
    what: 'silence over HTTP/2 with no timers set: after 300 s the stream ends as if complete',
    instead: 'the same timer set to 150 ms (silence.test.ts)',
  },
  {
    what: 'silence in place of an answer over HTTP/2: after 300 s the request is sent again',
    instead: 'the client still waits (hang;at=headers)',
  },
  {
    what: "silence in place of an answer: Anthropic's client gives up after 10 minutes",
    instead: 'the client still waits (hang;at=headers)',
  },
  {
    what: 'one event of 16 MiB or more: minutes for the AI SDK',
    instead: 'one of 2 MiB; the others take 64 MiB (behaviour.slow.ts)',
  },
] as const;

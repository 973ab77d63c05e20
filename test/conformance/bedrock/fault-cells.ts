// What each client makes of each fault: one row per fault, one cell per client. Every cell was
// seen with the real client; several are surprising, which is why gateways leak or lie there.
// Streams have six pieces of text: ConverseStream 10 events, the Messages stream 11.

import type { ClientName } from '../../fixtures/bedrock-clients.ts';

export interface Cell {
  /** Events delivered; at most so many where a lost connection may take the last ones along. */
  readonly events: number | { readonly atMost: number };
  /** Against `name: message`; absent where the client reports success. */
  readonly error?: RegExp;
  readonly requests: number;
}

export interface FaultRow {
  readonly fault: string;
  readonly what: string;
  readonly cells: Readonly<Record<ClientName, Cell>>;
}

const ok = (events: number): Cell => ({ events, requests: 1 });
const fails = (events: number, error: RegExp, requests = 1): Cell => ({ events, error, requests });
/** The client itself drops what it had not handed out when its connection broke. */
const breaks = (atMost: number, error: RegExp): Cell => ({
  events: { atMost },
  error,
  requests: 1,
});

const truncated = /^Error: Truncated event message received\.$/;
const aborted = /^Error: aborted$/;
const terminated = /^TypeError: terminated$/;

/** The same cell for the three uses of the AWS SDK. */
const sdk = (cell: Cell) => ({ 'sdk-http2': cell, 'sdk-http1': cell, 'sdk-invoke': cell });
/** A connection that breaks: HTTP/2 hides it, HTTP/1.1 does not. */
const hiddenByHttp2 = (http2: Cell) => ({
  'sdk-http2': http2,
  'sdk-http1': breaks(3, aborted),
  'sdk-invoke': http2,
  anthropic: breaks(3, terminated),
});

export const faultRows: readonly FaultRow[] = [
  {
    fault: 'noop',
    what: 'nothing happens',
    cells: { 'sdk-http2': ok(10), 'sdk-http1': ok(10), 'sdk-invoke': ok(11), anthropic: ok(11) },
  },
  {
    fault: 'exception;at=3;name=throttling',
    what: 'a modelled exception after three events',
    cells: {
      ...sdk(fails(3, /^ThrottlingException: Too many requests/)),
      anthropic: fails(3, /^APIError: .*"type":"throttlingException"/),
    },
  },
  {
    fault: 'exception;at=3;name=internal;message=boom',
    what: 'a modelled exception with a text of its own',
    cells: {
      ...sdk(fails(3, /^InternalServerException: boom$/)),
      anthropic: fails(3, /"type":"internalServerException","message":"boom"/),
    },
  },
  {
    fault: 'exception;at=3;name=model-error',
    what: 'the model fails while it streams',
    cells: {
      ...sdk(fails(3, /^ModelStreamErrorException: An error occurred while streaming/)),
      anthropic: fails(3, /"type":"modelStreamErrorException"/),
    },
  },
  {
    fault: 'exception;at=3;name=timeout',
    what: 'an exception that InvokeModel models and ConverseStream does not',
    cells: {
      'sdk-http2': fails(3, /^modelTimeoutException: \{"message":/),
      'sdk-http1': fails(3, /^modelTimeoutException: \{"message":/),
      'sdk-invoke': fails(3, /^ModelTimeoutException: The request took too long/),
      anthropic: fails(3, /"type":"modelTimeoutException"/),
    },
  },
  {
    fault: 'exception;at=3;name=ThrottlingException',
    what: 'a name in the wrong case, which no SDK takes for the modelled one',
    cells: {
      ...sdk(fails(3, /^ThrottlingException: \{"message":"Too many requests/)),
      anthropic: fails(3, /"type":"ThrottlingException","message":"\{/),
    },
  },
  {
    fault: 'exception;at=0;name=throttling',
    what: 'throttling as the first event, which the AWS SDK retries',
    cells: {
      ...sdk(fails(0, /^ThrottlingException: Too many requests/, 3)),
      anthropic: fails(0, /"type":"throttlingException"/),
    },
  },
  {
    fault: 'exception;at=0;name=internal',
    what: 'another exception as the first event, which nobody retries',
    cells: {
      ...sdk(fails(0, /^InternalServerException: /)),
      anthropic: fails(0, /"type":"internalServerException"/),
    },
  },
  {
    fault: 'truncate;at=3;end=clean',
    what: 'a clean end after three events, which nobody notices',
    cells: { ...sdk(ok(3)), anthropic: ok(3) },
  },
  {
    fault: 'truncate;at=0;end=clean',
    what: 'an empty stream, which nobody notices',
    cells: { ...sdk(ok(0)), anthropic: ok(0) },
  },
  {
    fault: 'truncate;at=mid-frame:3;end=clean',
    what: 'a clean end inside the fourth event',
    cells: { ...sdk(fails(3, truncated)), anthropic: fails(3, truncated) },
  },
  {
    fault: 'truncate;at=2B;end=clean',
    what: 'a clean end inside the four bytes of a length, which nobody notices',
    cells: { ...sdk(ok(0)), anthropic: ok(0) },
  },
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
    fault: 'cancel;at=3;code=8',
    what: 'RST_STREAM with CANCEL, which HTTP/2 clients take for an end',
    cells: hiddenByHttp2(ok(3)),
  },
  {
    fault: 'cancel;at=3;code=0',
    what: 'RST_STREAM with NO_ERROR, which HTTP/2 clients take for an end',
    cells: hiddenByHttp2(ok(3)),
  },
  {
    fault: 'cancel;at=mid-frame:3;code=8',
    what: 'RST_STREAM with CANCEL inside the fourth event',
    cells: hiddenByHttp2(fails(3, truncated)),
  },
  {
    fault: 'cancel;at=3;code=2',
    what: 'RST_STREAM with INTERNAL_ERROR',
    cells: hiddenByHttp2(
      breaks(3, /^Error: Stream closed with error code NGHTTP2_INTERNAL_ERROR$/),
    ),
  },
  {
    fault: 'cancel;at=3;code=7',
    what: 'RST_STREAM with REFUSED_STREAM after events: too late to be retried',
    cells: hiddenByHttp2(breaks(3, /NGHTTP2_REFUSED_STREAM$/)),
  },
  {
    fault: 'cancel;at=3;code=11',
    what: 'RST_STREAM with ENHANCE_YOUR_CALM',
    cells: hiddenByHttp2(breaks(3, /NGHTTP2_ENHANCE_YOUR_CALM$/)),
  },
  {
    fault: 'slow;gap=5ms',
    what: 'a pause before every event',
    cells: { 'sdk-http2': ok(10), 'sdk-http1': ok(10), 'sdk-invoke': ok(11), anthropic: ok(11) },
  },
  {
    fault: 'stall;at=3;for=50ms',
    what: 'a short silence',
    cells: { 'sdk-http2': ok(10), 'sdk-http1': ok(10), 'sdk-invoke': ok(11), anthropic: ok(11) },
  },
  {
    fault: 'oversize;size=16MiB;at=2',
    what: 'one event of 16 MiB',
    cells: { 'sdk-http2': ok(10), 'sdk-http1': ok(10), 'sdk-invoke': ok(11), anthropic: ok(11) },
  },
];

// What one client makes of one fault, and the words the tables of cells are written in. Streams
// have six pieces of text: ConverseStream 10 events, the Messages stream 11.

import type { ClientName, Timers } from '../../fixtures/bedrock-clients.ts';

export interface Cell {
  /** Events delivered; at most so many where a lost connection may take the last ones along. */
  readonly events: number | { readonly atMost: number };
  /** Against `name: message`; absent where the client reports success. */
  readonly error?: RegExp;
  /** Why the AI SDK says the model finished. */
  readonly finish?: string;
  /** The client goes on waiting until its caller gives up. */
  readonly hangs?: true;
  readonly requests: number;
}

export interface FaultRow {
  readonly fault: string;
  readonly what: string;
  /** Of the AWS SDK's handlers, where the row is about them. */
  readonly timers?: Timers;
  /** A client is absent where the fault cannot be seen on its transport. */
  readonly cells: Readonly<Partial<Record<ClientName, Cell>>>;
}

export const ok = (events: number, finish?: string): Cell => ({
  events,
  requests: 1,
  ...(finish !== undefined && { finish }),
});
export const fails = (events: number, error: RegExp, requests = 1): Cell => ({
  events,
  error,
  requests,
});
/** The client itself drops what it had not handed out when its stream broke. */
export const breaks = (atMost: number, error: RegExp): Cell => ({
  events: { atMost },
  error,
  requests: 1,
});
export const hangs = (events: number): Cell => ({ events, hangs: true, requests: 1 });

export const truncated = /^Error: Truncated event message received\.$/;
export const incomplete =
  /^Error: Incomplete Amazon Bedrock event-stream frame: \d+ buffered bytes/;
export const aborted = /^Error: aborted$/;
export const terminated = /^TypeError: terminated$/;

/** What boto3 makes of a connection that is closed or reset inside an answer. */
export const endedEarly = /^ProtocolError: .*(ended prematurely|reset by peer)/;
export const connectionClosed = /^ConnectionClosedError: Connection was closed before we received/;
export const readTimeout = /^ReadTimeoutError: /;
export const checksumMismatch = /^ChecksumMismatch: Checksum mismatch: expected 0x/;

/** The same cell for the AWS SDK's handlers. */
export const handlers = (cell: Cell) => ({
  'sdk-http2': cell,
  'sdk-pool': cell,
  'sdk-http1': cell,
});
/** The same for its two handlers of HTTP/2. */
export const overHttp2 = (cell: Cell) => ({ 'sdk-http2': cell, 'sdk-pool': cell });
/** The same cell for all uses of the AWS SDK. */
export const sdk = (cell: Cell) => ({ ...handlers(cell), 'sdk-invoke': cell });
/** The same cell for the AWS SDK and Anthropic's. */
export const sdks = (cell: Cell) => ({ ...sdk(cell), anthropic: cell });

/** Every client reports success, with so many events more or fewer than an undisturbed stream. */
export const whole = (more = 0, finish = 'stop') => ({
  ...handlers(ok(10 + more)),
  'sdk-invoke': ok(11 + more),
  anthropic: ok(11 + more),
  'ai-sdk': ok(10 + more, finish),
  boto3: ok(10 + more),
});

/** After the last event: what HTTP/2 makes of it, and a broken connection over HTTP/1.1. */
export const afterLast = (http2: (events: number) => Cell) => ({
  ...overHttp2(http2(10)),
  'sdk-http1': breaks(10, aborted),
  'sdk-invoke': http2(11),
  anthropic: breaks(11, terminated),
  'ai-sdk': breaks(10, terminated),
  boto3: breaks(10, endedEarly),
});

/** After three events: what HTTP/2 makes of it, and a broken connection over HTTP/1.1. */
export const hiddenByHttp2 = (http2: Cell) => ({
  ...overHttp2(http2),
  'sdk-http1': breaks(3, aborted),
  'sdk-invoke': http2,
  anthropic: breaks(3, terminated),
  'ai-sdk': breaks(3, terminated),
  boto3: breaks(3, endedEarly),
});

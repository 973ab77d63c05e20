// What can be disturbed: model events, frames, and the way a stream ends.
// The one vocabulary that injectors and mocks share; it knows no provider and no protocol.
//
//   StreamScript ─► TimedEvent… ─► [script stage] ─► codec ─► Frame… ─► [wire stage] ─► Ending

/** Why a model stopped; each provider's codec spells it in its own words. */
export type StopReason =
  | 'end'
  | 'max-tokens'
  | 'stop-sequence'
  | 'tool-use'
  | 'content-filter'
  | 'guardrail'
  | 'context-window'
  | 'malformed-tool'
  | 'malformed-output';

/** What a model means, in no provider's words. */
export type ModelEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'text'; readonly text: string }
  /** A source of the text before it. */
  | { readonly kind: 'citation'; readonly citation: Citation }
  | { readonly kind: 'thinking'; readonly text: string }
  /** Ends the thinking before it; clients must hand it back as it is. */
  | { readonly kind: 'signature'; readonly signature: string }
  /** Begins a call; what follows as `tool-input` is its arguments, cut anywhere. */
  | { readonly kind: 'tool-call'; readonly id: string; readonly name: string }
  | { readonly kind: 'tool-input'; readonly json: string }
  | { readonly kind: 'stop'; readonly reason: StopReason }
  | { readonly kind: 'usage'; readonly inputTokens: number; readonly outputTokens: number };

/** A place in the first document of the request that the model quotes. */
export interface Citation {
  readonly title: string;
  readonly quote: string;
  readonly start: number;
  readonly end: number;
}

/** A model event and the pause before it, in milliseconds. */
export interface TimedEvent {
  readonly event: ModelEvent;
  readonly gapMs: number;
}

/** Script stage: lazy, finite unless a fault makes it endless, repeatable for one seed. */
export type EventStream = Iterable<TimedEvent>;

/** A half-open byte range [start, end) inside a frame. */
export type Region = readonly [start: number, end: number];

/**
 * What a frame is for. `framing` bytes (an array's bracket, say) are not an event that a client
 * sees; every other label is, so positions such as `at=3` count all labels but `framing`.
 */
export type FrameLabel = 'start' | 'delta' | 'stop' | 'usage' | 'body' | 'exception' | 'framing';

/** One encoded unit. `dueMs` counts from the stream's start; injectors move it, never sleep. */
export interface Frame {
  readonly bytes: Uint8Array;
  readonly label: FrameLabel;
  readonly dueMs: number;
  /** Byte ranges the codec names (prelude, headers, payload, checksum), so faults can aim. */
  readonly regions?: Readonly<Record<string, Region>>;
  /** Makes checksums right again after a change that left the length as it was. */
  readonly seal?: (bytes: Buffer) => void;
  /** Events that a client sees in it; absent: one. Faults are given one by one. */
  readonly eventCount?: number;
  /** Goes out in a write of its own; other frames that are due are joined. */
  readonly isAlone?: boolean;
  /**
   * Nothing has come yet, though more will: bytes of an upstream that is slower than its reader. It
   * is empty, and a stage hands it on at once, as the transport waits only when it gets it.
   */
  readonly isIdle?: true;
}

/** What carries an answer. */
export type TransportName = 'http1' | 'http2' | 'grpc' | 'websocket';

/** What tells one event of an answer from the next; `body`: it is one whole, and has no next. */
export type Framing = 'event-stream' | 'sse' | 'json-array' | 'grpc' | 'websocket' | 'body';

/** Answers whose head is not theirs: a WebSocket's 101, and a turn behind its session's head. */
export type AnswerRole = 'upgrade' | 'turn';

/** What goes out before the frames. A change of `dueMs` moves all of the answer. */
export interface ResponseHead {
  /** Absent: the answer's own. Over gRPC any other than 200 makes a plain HTTP answer of it. */
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly dueMs: number;
}

/** An error the provider's own vocabulary spells, for instance ThrottlingException. */
export interface ExceptionEnding {
  readonly kind: 'exception';
  /** A neutral name (throttling, internal…) or one of the provider's own; none is refused. */
  readonly name: string;
  /** Empty: the text the provider itself uses for this error. */
  readonly message: string;
  /** `response`: the error is the answer; `stream`: it comes inside a stream that had begun. */
  readonly place: 'response' | 'stream';
  /** The error is said, and then nothing more, not even the end of the message. */
  readonly staysOpen?: boolean;
  /** Pause before each part of it, which so has a network read of its own; trailers do not wait. */
  readonly gapMs?: number;
  readonly hints?: ErrorHints;
}

/** What an error says beside its name and text, where the provider and the transport can. */
export interface ErrorHints {
  /** In place of the HTTP status that the name has. */
  readonly status?: number;
  /** In place of the `grpc-status` that the name has; clients may not be able to read it. */
  readonly grpcStatus?: string;
  /** When to try again, as the provider tells it (google.rpc.RetryInfo, for instance). */
  readonly retryAfterMs?: number;
  /** Messages of google/rpc/error_details.proto, in place of those that the name has. */
  readonly details?: readonly DetailName[];
  /** The google.rpc.ErrorInfo, in place of the one that the name has. */
  readonly errorInfo?: ErrorInfo;
}

export interface ErrorInfo {
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export type DetailName = 'ErrorInfo' | 'RetryInfo' | 'QuotaFailure';

/**
 * How a stream finishes. What each means on the wire is decided once per transport:
 *
 * | ending      | HTTP/1.1                     | HTTP/2 (REST)         | gRPC                  |
 * |-------------|------------------------------|-----------------------|-----------------------|
 * | complete    | last chunk                   | END_STREAM            | trailers, status 0    |
 * | exception   | provider's bytes, last chunk | bytes, END_STREAM     | trailers, its status  |
 * | cut         | FIN without the last chunk   | FIN of the connection | FIN of the connection |
 * | reset       | TCP RST                      | TCP RST               | TCP RST               |
 * | cancel      | as reset                     | RST_STREAM code       | RST_STREAM code       |
 * | goaway      | as its `next`                | GOAWAY, then `next`   | GOAWAY, then `next`   |
 * | flood       | as its `next`                | frames, then `next`   | as HTTP/2             |
 * | settings    | as its `next`                | SETTINGS, then `next` | as HTTP/2             |
 * | broken-     | as its `next`                | bytes that break the  | as HTTP/2             |
 * | frame       |                              | rules, then `next`    |                       |
 * | bad-framing | a chunk size that is none    | an oversized frame    | as HTTP/2             |
 * | close       | as cut                       | as cut                | as cut                |
 * | hang        | open until the peer closes   | same                  | same                  |
 *
 * On a WebSocket an answer is one of many: `complete` leaves the connection open for the next,
 * `exception` and `close` send a close frame, `cut` and `goaway` are FIN, `reset` and `cancel` are
 * TCP RST, `bad-framing` is a frame with a reserved opcode.
 */
export type Ending =
  /** Over gRPC the end may come without a status. */
  | {
      readonly kind: 'complete';
      readonly isWithoutStatus?: true;
      /** What an upstream sent behind its answer, a status of gRPC included. */
      readonly trailers?: Readonly<Record<string, string>>;
    }
  | ExceptionEnding
  | BrokenEnding
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

/** Endings that can also come in place of the answer: then not even its head goes out. */
export type BrokenEnding = { readonly isHeadless?: boolean } & (
  | { readonly kind: 'cut' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cancel'; readonly code: number }
  | {
      readonly kind: 'goaway';
      readonly code: number;
      /** The last stream that the server says it handled: the one it ends, or none at all. */
      readonly last: 'this' | 'none';
      readonly next: 'complete' | 'cut' | 'hang';
    }
  /** Frames of HTTP/2 that cost the client something each: an acknowledgement, or a look. */
  | {
      readonly kind: 'flood';
      readonly of: 'settings' | 'ping' | 'empty-data';
      readonly count: number;
      readonly next: 'complete' | 'hang';
    }
  /** What the client may still do on this HTTP/2 connection, later streams included. */
  | {
      readonly kind: 'settings';
      readonly settings: {
        readonly initialWindowSize?: number;
        readonly maxConcurrentStreams?: number;
        readonly maxHeaderListSize?: number;
      };
      readonly next: 'complete' | 'hang';
    }
  /** Bytes that a client of HTTP/2 has to take for a frame, and cannot. */
  | {
      readonly kind: 'broken-frame';
      readonly frame: 'half' | 'hpack' | 'window' | 'http1-text';
      readonly next: 'hang' | 'cut';
    }
  | { readonly kind: 'bad-framing' }
);

/** Wire stage: pulled by the transport as fast as the client reads; returns how it ends. */
export type FrameStream = Generator<Frame, Ending, undefined>;

export const complete: Ending = { kind: 'complete' };

/** True for a frame that a client sees as an event of its own. */
export function isEvent(frame: Frame): boolean {
  return frame.label !== 'framing';
}

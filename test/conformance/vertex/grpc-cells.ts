// What gRPC clients make of messages, statuses and HTTP/2 that break the rules, as a table. Six
// messages make a whole stream. grpc-js refuses by itself what is declared larger than 4 MiB, a
// limit that Google's SDK lifts.

export interface GrpcCell {
  readonly fault: string;
  /** A stream through @google-cloud/aiplatform. */
  readonly grpc: string;
  /** The same through bare grpc-js, where it differs. */
  readonly js?: string;
  /** A unary call; absent where the fault is about what comes after the first message. */
  readonly unary?: string;
  /** Requests of the unary call; grpc-js repeats what was refused before it was looked at. */
  readonly requests?: number;
}

/** Messages that are not what they say; the third of a stream, the only one of a unary call. */
export const messageCells: readonly GrpcCell[] = [
  { fault: 'half-message;at=2', grpc: 'silent 2' },
  { fault: 'half-message;at=2;part=prefix', grpc: 'silent 2' },
  { fault: 'half-message;at=0', grpc: 'silent 0', unary: 'error 12' },
  { fault: 'half-message;at=0;part=prefix', grpc: 'silent 0', unary: 'error 12' },
  { fault: 'bad-length-prefix;at=3;length=max', grpc: 'silent 2', js: 'error 8 0' },
  {
    fault: 'bad-length-prefix;at=1;length=max',
    grpc: 'silent 0',
    js: 'error 8 0',
    unary: 'error 12',
  },
  {
    fault: 'bad-length-prefix;at=1;length=+100',
    grpc: 'error 13 0',
    js: 'error 8 0',
    unary: 'error 12',
  },
  // The length of the first is zero, or too short by the empty text's end: what is left over looks
  // like another message, whose length is never reached.
  { fault: 'bad-length-prefix;at=1;length=0', grpc: 'silent 1', js: 'error 8 0', unary: 'ok 0' },
  { fault: 'bad-length-prefix;at=3;length=-5', grpc: 'silent 3', js: 'error 8 0' },
  { fault: 'bad-length-prefix;at=1;length=-5', grpc: 'silent 1', js: 'error 8 0', unary: 'ok 120' },
  { fault: 'compressed-flag;at=3', grpc: 'error undefined 2' },
  { fault: 'compressed-flag;at=1', grpc: 'error undefined 0', unary: 'error undefined' },
  // A reserved flag is nobody's concern.
  { fault: 'compressed-flag;at=1;flag=7', grpc: 'ok 6', unary: 'ok 120' },
  { fault: 'corrupt;at=3;offset=1;mask=255', grpc: 'error 13 2' },
  { fault: 'corrupt;at=1;offset=1;mask=255', grpc: 'error 13 0', unary: 'error 13' },
  // Two messages for a unary call are waited out.
  { fault: 'duplicate;at=1', grpc: 'ok 7', unary: 'error 4' },
];

/** How a call ends; the connection lives on. */
export const statusCells: readonly GrpcCell[] = [
  ...[1, 2, 3, 4, 5, 7, 8, 9, 10, 13, 14, 16].flatMap((code) => [
    {
      fault: `grpc-status;at=headers;code=${code}`,
      grpc: `error ${code} 0`,
      unary: `error ${code}`,
    },
    { fault: `grpc-status;at=2;code=${code}`, grpc: `error ${code} 2` },
  ]),
  { fault: 'grpc-status;at=2;code=abc', grpc: 'error NaN 2' },
  { fault: 'grpc-status;at=headers;code=abc', grpc: 'error NaN 0', unary: 'error NaN' },
  { fault: 'no-trailers', grpc: 'error 13 6', unary: 'error 13' },
  { fault: 'no-trailers;at=2', grpc: 'error 13 2' },
  ...[
    [503, 14],
    [429, 14],
    [401, 16],
    [404, 12],
    [500, 2],
  ].map(([http, code]) => ({
    fault: `html-error;code=${http}`,
    grpc: `error ${code} 0`,
    unary: `error ${code}`,
  })),
  // RST_STREAM before there is a head.
  ...[
    [0, 13],
    [1, 13],
    [2, 13],
    [8, 1],
    [11, 8],
    [12, 7],
  ].map(([code, status]) => ({
    fault: `cancel;at=headers;code=${code}`,
    grpc: `error ${status} 0`,
    unary: `error ${status}`,
  })),
  { fault: 'cancel;at=headers;code=7', grpc: 'error 14 0', unary: 'error 14', requests: 2 },
  // With a status in the trailers, the content type is nobody's concern.
  { fault: 'wrong-content-type;type=application/json', grpc: 'ok 6', unary: 'ok 120' },
];

/** Faults that are for the whole connection. */
export const connectionCells: readonly GrpcCell[] = [
  { fault: 'reset;at=headers', grpc: 'error 14 0', unary: 'error 14' },
  { fault: 'truncate;at=headers;end=cut', grpc: 'error 14 0', unary: 'error 14' },
  { fault: 'goaway;code=0', grpc: 'ok 6', unary: 'ok 120' },
  { fault: 'goaway;at=2;code=11', grpc: 'error 8 2' },
  { fault: 'goaway;at=2;code=2;end=cut', grpc: 'error 13 2' },
  { fault: 'goaway;at=2;code=0;end=cut', grpc: 'error 14 2' },
  { fault: 'bad-framing;at=2', grpc: 'error 13 2' },
  { fault: 'settings-flood;at=2', grpc: 'error 13 2' },
  { fault: 'ping-flood;at=2', grpc: 'error 13 2' },
  { fault: 'empty-data-flood;at=2', grpc: 'error 13 2' },
  { fault: 'empty-data-flood;at=headers', grpc: 'error 13 0', unary: 'error 13' },
  // These are seen at once, whether a FIN follows or not.
  ...['window-overflow', 'bad-hpack', 'http1-text'].flatMap((fault) => [
    { fault: `${fault};at=2`, grpc: 'error 13 2' },
    { fault: `${fault};at=2;end=cut`, grpc: 'error 13 2' },
    { fault: `${fault};at=headers`, grpc: 'error 13 0', unary: 'error 13' },
  ]),
  // What may still become whole is waited for until the deadline.
  { fault: 'half-frame;at=2;end=hang', grpc: 'error 4 2' },
  { fault: 'half-frame;at=2;end=cut', grpc: 'error 14 2' },
  { fault: 'half-frame;at=0;end=cut', grpc: 'error 14 0', unary: 'error 14' },
  { fault: 'header-bomb', grpc: 'error 13 0', unary: 'error 13' },
];

/** Settings of a connection: the answer under way comes whole, and the next call meets them. */
export const settingCells: readonly { readonly fault: string; readonly next: string }[] = [
  { fault: 'zero-window', next: 'error 4' },
  { fault: 'zero-streams', next: 'error 4' },
  { fault: 'small-header-list', next: 'error 8' },
];

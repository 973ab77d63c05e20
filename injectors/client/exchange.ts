// What a client fault acts on: one request and its answer, as the load client holds them. The
// load client implements all of it once, so a new client fault is one file in this folder and
// nothing in the load code.

/** How far an answer has come. One object per exchange, updated in place: never keep it. */
export interface ExchangeProgress {
  /** Content events that arrived whole. */
  readonly eventCount: number;
  /** Bytes of the answer's body. */
  readonly byteCount: number;
}

/**
 * close: the socket is closed as a killed tab or a cancelled fetch does it; FIN, and RST for
 *        whatever still arrives. reset: RST at once, with no TIME_WAIT left behind.
 */
export type AbortWay = 'close' | 'reset';

export interface ClientExchange {
  /** Content events of the undisturbed answer, where the request says so. */
  readonly expectedEventCount: number | undefined;
  /**
   * Calls back when the request is written (nothing received yet), after every content event and
   * after every piece of body. What the listener does takes effect before the next event is read.
   */
  onProgress(listener: (progress: ExchangeProgress) => void): void;
  /** Destroys the connection at once; the request ends as "aborted". */
  abort(way: AbortWay): void;
  /**
   * Leaves without a word, as a host does that lost its network: the exchange ends as "aborted",
   * its connection stays open and unread for `heldMs`, at the longest until the client rests.
   */
  vanish(heldMs: number): void;
  /** Stops and resumes reading: back-pressure reaches the gateway once kernel buffers are full. */
  pauseReading(): void;
  resumeReading(): void;
  /** Half-close: FIN towards the gateway while its answer is still read. */
  endWriting(): void;
  /** The connection is closed after this answer instead of being used again. */
  retireConnection(): void;
}

// Drives one FrameStream to one Exchange: waits until frames are due, joins due frames into
// batches, stops at back-pressure, and lets go of everything when the client is gone.

import type { Clock } from '../../injectors/determinism.ts';
import type { Ending, FrameStream } from '../../injectors/stream.ts';
import { type Batch, batchesOf } from './batch.ts';
import type { Exchange } from './exchange.ts';

export interface PumpObserver {
  sent(events: number, bytes: number): void;
  /** The stream's own ending, or `gone` when the client left before it. */
  ended(ending: Ending | { readonly kind: 'gone' }): void;
  /** The frames could not be made or sent: a bug of ours, which must end this stream only. */
  broken(error: unknown): void;
}

/** Where frames come from that are not made here, and may be late. */
export interface Arrivals {
  /** Calls back once there is something behind a frame that was idle. */
  whenMore(callback: () => void): void;
  /** Nobody wants the rest. */
  stop(): void;
}

/** Starts sending. The head must have been sent, or be sent by the exchange's first write. */
export function pump(
  frames: FrameStream,
  exchange: Exchange,
  clock: Clock,
  observer: PumpObserver,
  arrivals?: Arrivals,
): void {
  const startedMs = clock.nowMs();
  let take: (() => Batch) | undefined = batchesOf(frames, () => clock.nowMs() - startedMs);
  let isBlocked = false;
  let cancelTimer: (() => void) | undefined;

  const release = () => {
    cancelTimer?.();
    take = undefined;
    arrivals?.stop();
  };
  exchange.onClose(() => {
    if (take === undefined) return;
    release();
    observer.ended({ kind: 'gone' });
  });
  exchange.onDrain(() => {
    isBlocked = false;
    turn();
  });

  const turn = () => {
    cancelTimer?.();
    cancelTimer = undefined;
    if (take === undefined || isBlocked) return;
    try {
      sendDue(take());
    } catch (error) {
      release();
      observer.broken(error);
    }
  };

  const sendDue = ({ pieces, events, bytes, next }: Batch) => {
    observer.sent(events, bytes);
    for (const bytes of joined(pieces)) isBlocked = !exchange.write(bytes);
    if (take === undefined) return;
    if (typeof next === 'number') {
      cancelTimer = clock.after(next, turn);
    } else if (next === 'idle') {
      arrivals?.whenMore(turn);
    } else if (next === 'again') {
      // Yield between batches, or a fast reader would starve every other stream.
      if (!isBlocked) setImmediate(turn);
    } else {
      release();
      exchange.finish(next);
      observer.ended(next);
    }
  };
  turn();
}

/** From here on a copy costs more than a write of its own. */
const largeBytes = 8192;

/** Small neighbours become one piece, large ones stay as they are. */
function joined(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  if (pieces.length < 2) return pieces;
  if (!pieces.some(({ length }) => length >= largeBytes)) return [Buffer.concat(pieces)];
  const out: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = () => {
    if (small.length > 0)
      out.push(small.length === 1 ? (small[0] as Uint8Array) : Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length < largeBytes) small.push(piece);
    else {
      flush();
      out.push(piece);
    }
  }
  flush();
  return out;
}

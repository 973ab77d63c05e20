// Drives one FrameStream to one Exchange: waits until frames are due, joins due frames into
// batches, stops at back-pressure, and lets go of everything when the client is gone.

import type { Clock } from '../../injectors/determinism.ts';
import { type Ending, type Frame, type FrameStream, isEvent } from '../../injectors/stream.ts';
import type { Exchange } from './exchange.ts';

/** Largest batch and largest single write; also the most sent before other streams get a turn. */
const batchBytes = 65_536;

export interface PumpObserver {
  sent(events: number, bytes: number): void;
  /** The stream's own ending, or `gone` when the client left before it. */
  ended(ending: Ending | { readonly kind: 'gone' }): void;
  /** The frames could not be made or sent: a bug of ours, which must end this stream only. */
  broken(error: unknown): void;
}

/** Starts sending. The head must have been sent, or be sent by the exchange's first write. */
export function pump(
  frames: FrameStream,
  exchange: Exchange,
  clock: Clock,
  observer: PumpObserver,
): void {
  const startedMs = clock.nowMs();
  let source: FrameStream | undefined = frames;
  let held: Frame | undefined;
  let rest: Uint8Array | undefined;
  let isBlocked = false;
  let cancelTimer: (() => void) | undefined;

  const release = () => {
    cancelTimer?.();
    source = undefined;
    held = undefined;
    rest = undefined;
  };
  exchange.onClose(() => {
    if (source === undefined) return;
    release();
    observer.ended({ kind: 'gone' });
  });
  exchange.onDrain(() => {
    isBlocked = false;
    turn();
  });

  /** Next due bytes of at most one batch, or what to do instead. */
  const gather = (): { batch: Uint8Array[]; next: 'again' | Ending | number } => {
    const batch: Uint8Array[] = [];
    let bytes = 0;
    let events = 0;
    let isAlone = false;
    const done = (next: 'again' | Ending | number) => {
      observer.sent(events, bytes);
      return { batch, next };
    };
    while (source !== undefined) {
      if (rest === undefined) {
        const step = held === undefined ? source.next() : { done: false as const, value: held };
        if (step.done) return done(step.value);
        held = step.value;
        if (held.isAlone === true && batch.length > 0) return done('again');
        const waitMs = held.dueMs - (clock.nowMs() - startedMs);
        if (waitMs > 0) return done(waitMs);
        if (isEvent(held)) events += 1;
        rest = held.bytes;
        isAlone = held.isAlone === true;
        held = undefined;
      }
      const room = batchBytes - bytes;
      batch.push(rest.subarray(0, room));
      bytes += Math.min(rest.length, room);
      rest = rest.length > room ? rest.subarray(room) : undefined;
      if (bytes >= batchBytes || isAlone) return done('again');
    }
    return done('again');
  };

  const turn = () => {
    cancelTimer?.();
    cancelTimer = undefined;
    if (source === undefined || isBlocked) return;
    try {
      sendDue();
    } catch (error) {
      release();
      observer.broken(error);
    }
  };

  const sendDue = () => {
    const { batch, next } = gather();
    const first = batch[0];
    if (first !== undefined) {
      isBlocked = !exchange.write(batch.length === 1 ? first : Buffer.concat(batch));
    }
    if (source === undefined) return;
    if (typeof next === 'number') {
      cancelTimer = clock.after(next, turn);
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

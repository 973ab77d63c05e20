// Cuts a stream of frames into what goes out in one write: frames that are due now, joined up to
// one batch. Holds at most one frame, whose rest is sent first.

import { type Ending, type Frame, type FrameStream, isEvent } from '../../injectors/stream.ts';

/** Largest batch and largest single write; also the most sent before other streams get a turn. */
const batchBytes = 65_536;

export interface Batch {
  readonly pieces: readonly Uint8Array[];
  readonly events: number;
  readonly bytes: number;
  /** More is due at once, the milliseconds until it is, nothing came yet, or the ending. */
  readonly next: 'again' | number | 'idle' | Ending;
}

/** Each call takes the next batch; none may follow the one that brings the ending. */
export function batchesOf(frames: FrameStream, elapsedMs: () => number): () => Batch {
  let held: Frame | undefined;
  let rest: Uint8Array | undefined;
  return () => {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    let events = 0;
    let isAlone = false;
    const done = (next: Batch['next']): Batch => ({ pieces, events, bytes, next });
    for (;;) {
      if (rest === undefined) {
        const step = held === undefined ? frames.next() : { done: false as const, value: held };
        if (step.done) return done(step.value);
        // What was before it is out, whatever time a fault has given it.
        if (step.value.isIdle === true) return done('idle');
        held = step.value;
        if (held.isAlone === true && pieces.length > 0) return done('again');
        const waitMs = held.dueMs - elapsedMs();
        if (waitMs > 0) return done(waitMs);
        if (isEvent(held)) events += held.eventCount ?? 1;
        rest = held.bytes;
        isAlone = held.isAlone === true;
        held = undefined;
      }
      const room = batchBytes - bytes;
      pieces.push(rest.subarray(0, room));
      bytes += Math.min(rest.length, room);
      rest = rest.length > room ? rest.subarray(room) : undefined;
      if (bytes >= batchBytes || isAlone) return done('again');
    }
  };
}

// An upstream's body as a stream of frames. Frames are pulled as the client reads, so a client that
// stops reading stops the upstream; where nothing has come yet there is an idle frame.

import type { Readable } from 'node:stream';
import type { Clock } from '../../injectors/determinism.ts';
import type { Ending, Frame, FrameStream } from '../../injectors/stream.ts';
import type { EncodedFrame } from '../provider.ts';
import type { Arrivals } from '../transport/pump.ts';
import type { Deframer } from './deframer.ts';

export interface UpstreamBody {
  readonly stream: Readable;
  /** How the answer ended, once the body has. */
  ending(error: Error | undefined): Ending;
  /** Ends the request, whatever is under way. */
  abort(): void;
}

/** A stage that asks so often without letting go would ask for ever. */
const idleLimit = 10_000;

export function arrivalsOf(
  { stream, ending, abort }: UpstreamBody,
  deframer: Deframer,
  clock: Pick<Clock, 'nowMs'>,
): Arrivals & { readonly frames: FrameStream } {
  let failure: Error | undefined;
  let isOver = false;
  let idles = 0;
  /** The stream's own time: it passes only while the upstream is waited for, so that what a fault
      delays is not delayed once more for having come late. */
  let streamMs = 0;
  let drySinceMs: number | undefined;
  let waiting: (() => void) | undefined;
  const more = () => {
    if (drySinceMs !== undefined) streamMs += clock.nowMs() - drySinceMs;
    drySinceMs = undefined;
    idles = 0;
    const wake = waiting;
    waiting = undefined;
    wake?.();
  };
  const over = () => {
    isOver = true;
    more();
  };
  stream.on('readable', more);
  stream.once('end', over);
  // Also where a stream was reset without an error, as HTTP/2 has it for CANCEL.
  stream.once('close', over);
  stream.on('error', (error) => {
    failure = error;
    over();
  });
  const timed = (frame: EncodedFrame): Frame => ({ ...frame, dueMs: streamMs });
  function* frames(): FrameStream {
    for (;;) {
      const bytes: Buffer | null = stream.read();
      if (bytes !== null) {
        for (const frame of deframer.push(bytes)) yield timed(frame);
      } else if (isOver) {
        for (const frame of deframer.end()) yield timed(frame);
        return ending(failure);
      } else {
        idles += 1;
        drySinceMs ??= clock.nowMs();
        if (idles > idleLimit) {
          throw new Error('Cannot disturb the answer: a fault waits for more of it for ever.');
        }
        yield { bytes: Buffer.alloc(0), label: 'framing', dueMs: streamMs, isIdle: true };
      }
    }
  }
  return {
    frames: frames(),
    whenMore(callback) {
      // It may have come since the frame was made: a head that was late, for instance.
      if (drySinceMs === undefined) setImmediate(callback);
      else waiting = callback;
    },
    stop() {
      waiting = undefined;
      if (!isOver) abort();
    },
  };
}

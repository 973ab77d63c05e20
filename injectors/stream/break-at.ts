// What all faults that end a stream at a position share: frames pass until the position, the part
// of the frame before it still goes out, then the given ending.

import type { StageContext } from '../injector.ts';
import { type Position, trackPosition } from '../position.ts';
import type { Ending, FrameStream } from '../stream.ts';

export function* breakAt(
  frames: FrameStream,
  at: Position,
  ending: Ending,
  what: string,
  context: StageContext,
): FrameStream {
  const offsetIn = trackPosition(at, context.totalEvents);
  for (;;) {
    const step = frames.next();
    if (step.done) return step.value;
    const offset = offsetIn(step.value);
    if (offset === undefined) {
      yield step.value;
      continue;
    }
    // A part of a frame is no event, and the frame's regions no longer hold.
    const { bytes, dueMs } = step.value;
    if (offset > 0) yield { bytes: bytes.subarray(0, offset), label: 'framing', dueMs };
    context.note(what);
    return ending;
  }
}

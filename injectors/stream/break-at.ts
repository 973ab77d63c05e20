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
  if (at.kind === 'headers') {
    context.note(`${what}, before the head`);
    return headless(ending);
  }
  const offsetIn = trackPosition(at, context.totalEvents);
  for (;;) {
    const step = frames.next();
    if (step.done) {
      if (at.kind !== 'end' || step.value.kind !== 'complete') return step.value;
      context.note(what);
      return ending;
    }
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

/** There is no clean end of an answer that has not begun, and no close frame without a head. */
function headless(ending: Ending): Ending {
  switch (ending.kind) {
    case 'complete':
    case 'close':
      return { kind: 'cut', isHeadless: true };
    case 'exception':
      return { ...ending, place: 'response' };
    default:
      return { ...ending, isHeadless: true };
  }
}

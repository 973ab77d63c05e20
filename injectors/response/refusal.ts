// What all faults share that put an error in place of an answer: there are no frames, and what the
// error says is how the stream ends.

import type { ErrorHints, FrameStream } from '../stream.ts';

// biome-ignore lint/correctness/useYield: an answer that is an error has no frames to yield.
export function* refusal(name: string, message: string, hints?: ErrorHints): FrameStream {
  return { kind: 'exception', place: 'response', name, message, ...(hints && { hints }) };
}

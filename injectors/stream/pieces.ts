// One frame in pieces, for faults that send it bit by bit.

import type { Frame } from '../stream.ts';

/** Only with its last piece has an event been sent, and regions do not hold for pieces. */
export function* piecesOf({ bytes, label, dueMs }: Frame, length: number): Generator<Frame> {
  for (let start = 0; start < bytes.length; start += length) {
    const isLast = start + length >= bytes.length;
    const piece = bytes.subarray(start, start + length);
    yield { bytes: piece, label: isLast ? label : 'framing', dueMs };
  }
}

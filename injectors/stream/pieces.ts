// One frame in pieces, for faults that send it bit by bit.

import type { Frame } from '../stream.ts';

/**
 * Only with its last piece has an event been sent, and regions do not hold for pieces. A frame
 * without bytes is handed on: it may be idle.
 */
export function* piecesOf(frame: Frame, length: number): Generator<Frame> {
  const { bytes, label, dueMs } = frame;
  if (bytes.length === 0) yield frame;
  for (let start = 0; start < bytes.length; start += length) {
    const isLast = start + length >= bytes.length;
    const piece = bytes.subarray(start, start + length);
    yield { bytes: piece, label: isLast ? label : 'framing', dueMs };
  }
}

// The vector of a text: unit length, the same for the same text and size in every request, so that
// caches and batches of a gateway can be checked.

import { seededRng } from '../../injectors/determinism.ts';

export function unitVector(text: string, dimensions: number): number[] {
  const rng = seededRng(dimensions).fork(text);
  const values = Array.from({ length: dimensions }, () => rng.next() * 2 - 1);
  const length = Math.hypot(...values);
  // The service computes in single precision and prints the nearest double.
  return values.map((value) => Math.fround(value / length));
}

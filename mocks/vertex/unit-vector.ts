// The vector of a text: unit length, the same for the same text and size in every request, so that
// caches and batches of a gateway can be checked. A few vectors of each size are computed and
// written as JSON once; a text's own is one of them, turned by some places, which keeps its length.

import { seededRng } from '../../injectors/determinism.ts';

export function unitVector(text: string, dimensions: number): number[] {
  const { values, shift } = vectorOf(text, dimensions);
  return [...values.slice(shift), ...values.slice(0, shift)];
}

/** The same as lines of a pretty JSON array, each behind ten blanks; the last one has no comma. */
export function unitVectorLines(text: string, dimensions: number): readonly Buffer[] {
  const { lines, starts, shift } = vectorOf(text, dimensions);
  const middle = starts[shift] ?? 0;
  const withoutComma = (bytes: Buffer) => bytes.subarray(0, bytes.length - 2);
  if (shift === 0) return [withoutComma(lines)];
  return [lines.subarray(middle), withoutComma(lines.subarray(0, middle))];
}

interface KnownVector {
  readonly values: readonly number[];
  /** Each `          0.1,` and a line feed. */
  readonly lines: Buffer;
  readonly starts: Uint32Array;
}

const vectorCount = 16;
/** Gateways use one or two sizes; half a megabyte each. */
const keptSizes = 8;
const known = new Map<number, readonly KnownVector[]>();

function vectorOf(text: string, dimensions: number): KnownVector & { readonly shift: number } {
  const rng = seededRng(dimensions).fork(text);
  const vector = vectorsOf(dimensions)[rng.integer(0, vectorCount - 1)];
  if (vector === undefined) throw new RangeError(`There is no vector of ${dimensions} numbers.`);
  return { ...vector, shift: rng.integer(0, Math.max(0, dimensions - 1)) };
}

function vectorsOf(dimensions: number): readonly KnownVector[] {
  const found = known.get(dimensions);
  if (found !== undefined) return found;
  if (known.size >= keptSizes) known.clear();
  const made = Array.from({ length: vectorCount }, (_, index) => makeVector(index, dimensions));
  known.set(dimensions, made);
  return made;
}

function makeVector(index: number, dimensions: number): KnownVector {
  const rng = seededRng(dimensions).fork(`vector:${index}`);
  const raw = Array.from({ length: dimensions }, () => rng.next() * 2 - 1);
  const length = Math.hypot(...raw);
  // The service computes in single precision and prints the nearest double.
  const values = raw.map((value) => Math.fround(value / length));
  const lines = values.map((value) => `          ${JSON.stringify(value)},\n`);
  const starts = new Uint32Array(dimensions);
  for (let at = 1; at < dimensions; at++) {
    starts[at] = (starts[at - 1] ?? 0) + (lines[at - 1]?.length ?? 0);
  }
  return { values, lines: Buffer.from(lines.join('')), starts };
}

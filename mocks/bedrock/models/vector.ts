// Embedding vectors: unit length, and a function of model and text alone, because a real model
// gives one text the same vector in every request and gateways cache on that.

import { seededRng } from '../../../injectors/determinism.ts';

/** `dimensions` numbers with nine decimals, whose squares add up to 1 but for rounding. */
export function embeddingOf(model: string, text: string, dimensions: number): number[] {
  const rng = seededRng(0).fork(model).fork(text);
  const raw = Array.from({ length: dimensions }, () => rng.next() * 2 - 1);
  const norm = Math.hypot(...raw) || 1;
  return raw.map((value) => Math.round((value / norm) * 1e9) / 1e9);
}

/** A vector in one of the integer types that embedding models offer. */
export function quantized(vector: readonly number[], type: string): number[] {
  const peak = Math.max(...vector.map(Math.abs)) || 1;
  switch (type) {
    case 'int8':
      return vector.map((value) => Math.round((value / peak) * 127));
    case 'uint8':
      return vector.map((value) => Math.round((value / peak) * 127) + 128);
    case 'binary':
      return packed(vector).map((byte) => byte - 128);
    case 'ubinary':
      return packed(vector);
    default:
      return [...vector];
  }
}

/** One bit for the sign of each number, eight to a byte. */
function packed(vector: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(vector.length / 8) }, (_, index) =>
    vector
      .slice(index * 8, index * 8 + 8)
      .reduce((byte, value, bit) => byte | (value > 0 ? 128 >> bit : 0), 0),
  );
}

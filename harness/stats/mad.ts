// Median absolute deviation: a spread that half of the values may not move.
// Source: Hampel, "The influence curve and its role in robust estimation", JASA 69 (1974), 383.
//
//   MAD = median |x - median(x)|;   sd ≈ 1.4826 MAD for normal values

import { median } from './median.ts';

/** 1 / Φ⁻¹(3/4): turns a MAD into the standard deviation of normal values. */
export const normalConsistency = 1.4826022185056018;

/** Null for an empty sample; unscaled, so multiply by `normalConsistency` for an sd. */
export function mad(values: readonly number[]): number | null {
  const centre = median(values);
  return centre === null ? null : median(values.map((value) => Math.abs(value - centre)));
}

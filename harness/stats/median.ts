// The middle value of a sample; the mean of the middle two when the count is even.

import { quantile } from './quantile.ts';

/** Null for an empty sample or one that holds a value that is not finite. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5);
}

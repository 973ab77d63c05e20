// Sample quantile, type 7: linear between order statistics, what R, NumPy and Excel default to.
// Source: Hyndman and Fan, "Sample quantiles in statistical packages", Am. Stat. 50 (1996), 361.
//
//   h = (n - 1) q,   Q = x[⌊h⌋] + (h - ⌊h⌋) (x[⌊h⌋ + 1] - x[⌊h⌋])      x sorted, from 0

/** Null for an empty sample, a value that is not finite, or a share outside [0, 1]. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0 || !(share >= 0 && share <= 1)) return null;
  if (!values.every(Number.isFinite)) return null;
  return quantileOfSorted(
    values.toSorted((a, b) => a - b),
    share,
  );
}

/** The same for values already in ascending order, where many quantiles of one sample are asked. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number | null {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) return null;
  return below + (position - Math.floor(position)) * (above - below);
}

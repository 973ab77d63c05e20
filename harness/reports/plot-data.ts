// Thins a series for plotting. Each bucket of time keeps its lowest and its highest reading, in
// their order, so a peak of one sample survives any thinning (averages would hide it); the first
// and the last reading stay where they were.

export interface PlotSeries {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export const pointLimit = 2000;

/** `x` must not decrease. Readings that are not finite are left out. */
export function downsample(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  limit: number = pointLimit,
): PlotSeries {
  const kept: number[] = [];
  for (let index = 0; index < x.length; index++) {
    if (Number.isFinite(x[index]) && Number.isFinite(y[index])) kept.push(index);
  }
  const chosen = kept.length <= limit ? kept : extremes(kept, x, y, limit);
  return { x: chosen.map((index) => x[index] ?? 0), y: chosen.map((index) => y[index] ?? 0) };
}

/** Buckets are equal in x, not in count: a burst of readings must not crowd out the rest. */
function extremes(
  kept: readonly number[],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  limit: number,
): number[] {
  const at = (index: number | undefined) => x[index ?? 0] ?? 0;
  const [first = 0, last = 0] = [kept[0], kept.at(-1)];
  const bucketCount = Math.max(1, Math.floor((limit - 2) / 2));
  const span = at(last) - at(first);
  const buckets = new Map<number, { low: number; high: number }>();
  for (const index of kept) {
    const share = span === 0 ? 0 : (at(index) - at(first)) / span;
    const bucket = Math.min(bucketCount - 1, Math.floor(share * bucketCount));
    const found = buckets.get(bucket);
    if (found === undefined) buckets.set(bucket, { low: index, high: index });
    else if ((y[index] ?? 0) < (y[found.low] ?? 0)) found.low = index;
    else if ((y[index] ?? 0) > (y[found.high] ?? 0)) found.high = index;
  }
  const chosen = new Set([first, last]);
  for (const { low, high } of buckets.values()) chosen.add(low).add(high);
  return [...chosen].sort((a, b) => a - b);
}

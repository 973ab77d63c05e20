// The exponent of growth, from two slopes: is what rises still rising as it did?
//
//   level ~ N^a  ⇒  slope ~ N^(a-1)  ⇒  â = 1 + ln(b′ / b) / ln(N′ / N)
//
// 1 for a leak, ½ for a square root, 0 for a logarithm, negative for what fills up. N and N′ are
// the work at the middle of each window, counted from the process's first request. Containers grow
// by doubling, so an estimate over less than two doublings is coarse.

/** A slope and the work done where it was measured. */
export interface SlopeAt {
  readonly slope: number;
  readonly work: number;
}

/** Null when a slope is not positive (nothing grew, or it has stopped) or the work is no more. */
export function growthExponent(early: SlopeAt, late: SlopeAt): number | null {
  if (!(early.slope > 0 && late.slope > 0)) return null;
  if (!(early.work > 0 && late.work > early.work)) return null;
  const exponent = 1 + Math.log(late.slope / early.slope) / Math.log(late.work / early.work);
  return Number.isFinite(exponent) ? exponent : null;
}

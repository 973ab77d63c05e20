// Interval of a difference from the intervals of its two terms, which need be neither symmetric nor
// of any known distribution: the variances are recovered from the limits themselves (MOVER).
// Source: Zou and Donner, Statistics in Medicine 27 (2008), 1693, equation (3).
//
//   low  = (b - a) - √((b - lowB)² + (highA - a)²)
//   high = (b - a) + √((highB - b)² + (a - lowA)²)

export interface Estimated {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Of `b - a`, at the confidence that both intervals have; null where a figure is not finite. */
export function intervalDifference(a: Estimated, b: Estimated): Estimated | null {
  const estimate = b.estimate - a.estimate;
  const low = estimate - Math.hypot(b.estimate - b.low, a.high - a.estimate);
  const high = estimate + Math.hypot(b.high - b.estimate, a.estimate - a.low);
  return [estimate, low, high].every(Number.isFinite) ? { estimate, low, high } : null;
}

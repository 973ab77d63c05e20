// When to send: arithmetic only, no clock and no timer (after Vegeta, lib/pacer.go). A pacer is
// asked with the time elapsed and the arrivals so far; only the open executor sleeps.

/**
 * Milliseconds until the next arrival is due, or 'stop' when there is none. Zero and less mean
 * "now": a negative answer says by how much the arrival is late.
 */
export type Pacer = (elapsedMs: number, arrivalCount: number) => number | 'stop';

/** `ratePerSecond` arrivals a second, the first at once, all of them before `durationMs`. */
export function constantRate(ratePerSecond: number, durationMs: number): Pacer {
  return ramp(ratePerSecond, ratePerSecond, durationMs);
}

/**
 * A rate that goes in a straight line from one to the other:
 *
 *   rate ▲        ╱ to       arrivals up to t:  n(t) = from·t + (to − from)·t² / 2T
 *        │     ╱             so arrival n is due at
 *   from │  ╱                     t(n) = 2n / (from + √(from² + 2·slope·n))
 *        └──────────► t      a form without the cancellation of the school formula, and good
 *                  T         for slope 0. No arrival lies beyond the area under the line.
 */
export function ramp(fromPerSecond: number, toPerSecond: number, durationMs: number): Pacer {
  requireRate('ramp', fromPerSecond, toPerSecond, durationMs);
  const from = fromPerSecond / 1000;
  const slope = (toPerSecond - fromPerSecond) / 1000 / durationMs;
  // A hair below the last is the last: 100 a second for a second are 100 arrivals, not 101.
  const total = ((fromPerSecond + toPerSecond) / 2000) * durationMs - 1e-6;
  return (elapsedMs, arrivalCount) => {
    if (arrivalCount >= total) return 'stop';
    const divisor = from + Math.sqrt(Math.max(0, from * from + 2 * slope * arrivalCount));
    const dueMs = divisor === 0 ? 0 : (2 * arrivalCount) / divisor;
    return dueMs - elapsedMs;
  };
}

function requireRate(what: string, from: number, to: number, durationMs: number): void {
  const isRate = (rate: number) => Number.isFinite(rate) && rate >= 0;
  if (isRate(from) && isRate(to) && from + to > 0 && durationMs > 0 && durationMs < Infinity)
    return;
  throw new RangeError(
    `Cannot ${what} from ${from} to ${to} a second over ${durationMs} ms: ` +
      'give rates from 0 up, not both 0, and a finite duration above 0.',
  );
}

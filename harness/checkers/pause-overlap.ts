// How much of each request's time lay within collection pauses, and whether that is more than
// chance: the pauses are moved round within their phase, as on a ring, which keeps their number,
// lengths and rhythm and breaks only their tie to the requests. Long requests meet more pauses by
// chance alone; so do those of the moved pauses, which is why the comparison is fair.
// Source: circular-shift permutation test, e.g. Politis and Romano, J. Am. Stat. Assoc. 89 (1994).

import type { Rng } from '../../injectors/determinism.ts';

export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

/** Milliseconds of each request that were paused. */
export function pausedMs(requests: readonly Interval[], pauses: readonly Interval[]): number[] {
  const { starts, ends, before } = timeline(pauses);
  /** Paused time from the beginning until then. */
  const until = (timeMs: number) => {
    const at = countBelow(starts, timeMs);
    if (at === 0) return 0;
    return (before[at - 1] ?? 0) + Math.min(timeMs, ends[at - 1] ?? 0) - (starts[at - 1] ?? 0);
  };
  return requests.map(({ startMs, endMs }) => Math.max(0, until(endMs) - until(startMs)));
}

/**
 * One-sided p: how often moved pauses explain the latencies as well as the real ones. What is
 * compared is the covariance of latency and paused time, over all requests.
 */
export function permutationP(
  requests: readonly Interval[],
  pauses: readonly Interval[],
  rng: Rng,
  rounds: number,
): number | null {
  const startMs = requests.reduce((least, row) => Math.min(least, row.startMs), Infinity);
  const endMs = requests.reduce((most, row) => Math.max(most, row.endMs), -Infinity);
  const spanMs = endMs - startMs;
  if (!(spanMs > 0) || pauses.length === 0) return null;
  const latencies = requests.map((row) => row.endMs - row.startMs);
  const observed = covariance(latencies, pausedMs(requests, pauses));
  let asStrong = 0;
  for (let round = 0; round < rounds; round++) {
    const shiftMs = rng.next() * spanMs;
    const moved = pauses.map((pause) => {
      const from = startMs + ((pause.startMs - startMs + shiftMs) % spanMs);
      return { startMs: from, endMs: from + pause.endMs - pause.startMs };
    });
    if (covariance(latencies, pausedMs(requests, moved)) >= observed) asStrong++;
  }
  return (asStrong + 1) / (rounds + 1);
}

/** Pauses in order, those that touch joined, with the paused time before each. */
function timeline(pauses: readonly Interval[]) {
  const starts: number[] = [];
  const ends: number[] = [];
  const before: number[] = [];
  let total = 0;
  for (const { startMs, endMs } of pauses.toSorted((a, b) => a.startMs - b.startMs)) {
    const last = ends.length - 1;
    const lastEnd = ends[last] ?? Number.NEGATIVE_INFINITY;
    if (startMs <= lastEnd) {
      total += Math.max(0, endMs - lastEnd);
      ends[last] = Math.max(lastEnd, endMs);
    } else {
      starts.push(startMs);
      ends.push(endMs);
      before.push(total);
      total += endMs - startMs;
    }
  }
  return { starts, ends, before };
}

function countBelow(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function covariance(xs: readonly number[], ys: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0) / list.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  return xs.reduce((sum, x, at) => sum + (x - meanX) * ((ys[at] ?? 0) - meanY), 0) / xs.length;
}

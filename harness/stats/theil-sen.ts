// Slope as the median of all pairwise slopes, with a distribution-free interval: a third of the
// points may be wild before either moves.
// Sources: Theil (1950); Sen, "Estimates of the regression coefficient based on Kendall's tau",
// JASA 63 (1968), 1379.
//
//   interval: order statistics number K + 1 and N - K (from 1) of the N slopes, K the largest with
//   2 P(D ≤ K) ≤ 1 - confidence, D the discordant pairs of a random order (mahonian.ts)
//
// The interval is the set of slopes b for which Kendall's test accepts y - b x. The distribution
// without ties is used throughout; ties in y only make it wider than need be. Beyond 60 points K
// comes from the normal approximation with the same variance.

import { discordanceDistribution } from './mahonian.ts';
import { median } from './median.ts';
import { normalUpperTail } from './normal.ts';

export interface TheilSenSlope {
  readonly slope: number;
  /** Null when so few points cannot carry the confidence: 99 % needs six. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

const exactLimit = 60;

/** Null with fewer than two points or when all x are equal. */
export function theilSen(
  x: readonly number[],
  y: readonly number[],
  confidence: number,
): TheilSenSlope | null {
  if (y.length !== x.length || ![...x, ...y].every(Number.isFinite)) return null;
  const slopes = pairwiseSlopes(x, y).sort((a, b) => a - b);
  const slope = median(slopes);
  if (slope === null) return null;
  const skipped = skippedSlopes(x.length, confidence, slopes.length);
  const low = skipped === null ? undefined : slopes[skipped];
  const high = skipped === null ? undefined : slopes[slopes.length - 1 - skipped];
  const hasInterval = low !== undefined && high !== undefined && low <= high;
  return { slope, interval: hasInterval ? { low, high } : null };
}

function pairwiseSlopes(x: readonly number[], y: readonly number[]): number[] {
  const slopes: number[] = [];
  for (const [i, xi] of x.entries()) {
    for (let j = 0; j < i; j++) {
      const run = xi - (x[j] ?? 0);
      if (run !== 0) slopes.push(((y[i] ?? 0) - (y[j] ?? 0)) / run);
    }
  }
  return slopes;
}

/** K of the header: how many slopes lie outside on either side; null when not even none suffice. */
function skippedSlopes(n: number, confidence: number, slopeCount: number): number | null {
  const tail = (1 - confidence) / 2;
  const pairs = (n * (n - 1)) / 2;
  const k = n <= exactLimit ? exactSkip(n, tail) : approximateSkip(n, tail, pairs);
  // Pairs of equal x carry no slope; keeping the critical S of the untied case errs wide.
  const kept = k - Math.ceil((pairs - slopeCount) / 2);
  return kept < 0 ? null : kept;
}

const cache = new Map<string, number>();

function exactSkip(n: number, tail: number): number {
  const key = `${n} ${tail}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const distribution = discordanceDistribution(new Array<number>(n).fill(1));
  let below = 0;
  let k = -1;
  for (const p of distribution) {
    below += p;
    if (below > tail) break;
    k++;
  }
  // At most 60 sizes and a handful of confidences; the bound is for callers that vary them.
  if (cache.size > 500) cache.clear();
  cache.set(key, k);
  return k;
}

function approximateSkip(n: number, tail: number, pairs: number): number {
  const sd = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  let k = Math.floor(pairs / 2);
  // P(D ≤ k) = P(S ≥ pairs - 2k), with continuity.
  while (k >= 0 && (normalUpperTail((pairs - 2 * k - 1) / sd) ?? 1) > tail) k--;
  return k;
}

// Kendall's S: does y rise with x, whatever the shape? One-sided p, exact up to 60 points.
// Source: Kendall, "Rank Correlation Methods", 4th ed. (1970), chapters 3 to 5.
//
//   S = #concordant - #discordant pairs
//   exact (at most one of x, y tied): D = (T - S) / 2, T the untied pairs; P(D ≤ d), mahonian.ts
//   else, with continuity: z = (S - 1) / √v,
//   v = [n(n-1)(2n+5) - Σt(t-1)(2t+5) - Σu(u-1)(2u+5)] / 18
//     + [Σt(t-1)(t-2)][Σu(u-1)(u-2)] / [9n(n-1)(n-2)] + [Σt(t-1)][Σu(u-1)] / [2n(n-1)]
//
// Ties count as neither. One tied side keeps the test exact, conditional on the ties: that is the
// case of the leak experiment, where x is requests done (never tied) and y may be a small count.

import { discordanceDistribution } from './mahonian.ts';
import { normalUpperTail } from './normal.ts';

export interface KendallTest {
  readonly s: number;
  readonly n: number;
  /** P(S ≥ s) if the order of y had nothing to do with x. */
  readonly pUpper: number;
  readonly isExact: boolean;
}

const exactLimit = 60;

/** Null when there is nothing to compare: fewer than two points, or all x or all y equal. */
export function kendall(x: readonly number[], y: readonly number[]): KendallTest | null {
  const n = x.length;
  if (n < 2 || y.length !== n || ![...x, ...y].every(Number.isFinite)) return null;
  const tiesX = groupSizes(x);
  const tiesY = groupSizes(y);
  if (tiesX.length === 1 || tiesY.length === 1) return null;
  const s = concordance(x, y);
  const isExact = n <= exactLimit && (tiesX.length === n || tiesY.length === n);
  if (!isExact) return { s, n, pUpper: approximate(s, n, tiesX, tiesY), isExact };
  return { s, n, pUpper: exact(s, tiesX.length === n ? tiesY : tiesX), isExact };
}

function concordance(x: readonly number[], y: readonly number[]): number {
  let s = 0;
  for (const [i, xi] of x.entries()) {
    const yi = y[i] ?? 0;
    for (let j = 0; j < i; j++) s += Math.sign(xi - (x[j] ?? 0)) * Math.sign(yi - (y[j] ?? 0));
  }
  return s;
}

function exact(s: number, ties: readonly number[]): number {
  const distribution = discordanceDistribution(ties);
  const untiedPairs = distribution.length - 1;
  const discordant = (untiedPairs - s) / 2;
  const p = distribution.subarray(0, discordant + 1).reduce((sum, value) => sum + value, 0);
  return Math.min(1, p);
}

function approximate(
  s: number,
  n: number,
  tiesX: readonly number[],
  tiesY: readonly number[],
): number {
  const total = (sizes: readonly number[], term: (size: number) => number) =>
    sizes.reduce((sum, size) => sum + term(size), 0);
  const pairs = (t: number) => t * (t - 1);
  const triples = (t: number) => t * (t - 1) * (t - 2);
  const spread = (t: number) => t * (t - 1) * (2 * t + 5);
  const variance =
    (spread(n) - total(tiesX, spread) - total(tiesY, spread)) / 18 +
    (n > 2 ? (total(tiesX, triples) * total(tiesY, triples)) / (9 * triples(n)) : 0) +
    (total(tiesX, pairs) * total(tiesY, pairs)) / (2 * pairs(n));
  return variance > 0 ? (normalUpperTail((s - 1) / Math.sqrt(variance)) ?? 1) : 1;
}

function groupSizes(values: readonly number[]): readonly number[] {
  return [...Map.groupBy(values, (value) => value).values()].map((group) => group.length);
}

// The rules that other tools accuse by, on the same levels: each sees the live heap after a forced
// collection, cycle by cycle, which is more than most of them get. Rules that give no rate and no
// resolution can only be counted as right or wrong.

import { kendall } from '../../../harness/stats/kendall.ts';
import { normalUpperTail } from '../../../harness/stats/normal.ts';
import { theilSen } from '../../../harness/stats/theil-sen.ts';

export interface Rival {
  readonly name: string;
  /** Where the rule is written down. */
  readonly source: string;
  accuses(heap: readonly number[], work: readonly number[]): boolean;
}

const risesInARow = (heap: readonly number[], count: number) => {
  let run = 0;
  return heap.some((value, index) => {
    run = index > 0 && value > (heap[index - 1] ?? value) ? run + 1 : 0;
    return run >= count;
  });
};

export const rivals: readonly Rival[] = [
  {
    name: 'memwatch',
    source: 'node-memwatch: "leak" after five consecutive rises of the heap after collections',
    accuses: (heap) => risesInARow(heap, 5),
  },
  {
    name: 'leakage',
    source: 'andywer/leakage: the heap grew on each of six subsequent collections',
    accuses: (heap) => risesInARow(heap.slice(0, 7), 6),
  },
  {
    name: 'fuite',
    source: 'nolanlawson/fuite: after seven repeats more is there than before the first',
    accuses: (heap) => (heap[7] ?? 0) > (heap[0] ?? 0),
  },
  {
    name: "undici's test",
    source: 'undici test/fetch/fire-and-forget.js: passes on the first level that does not rise',
    accuses: (heap) => risesInARow(heap, heap.length - 1),
  },
  {
    name: 'Mann–Kendall',
    source: 'Mann 1945; Kendall 1970: p < 0.01, one-sided',
    accuses: (heap, work) => (kendall(work, heap)?.pUpper ?? 1) < 0.01,
  },
  {
    name: 'Hamed–Rao',
    source: 'Hamed and Rao, J. Hydrol. 204 (1998), 182: variance for autocorrelation, p < 0.01',
    accuses: (heap, work) => hamedRao(work, heap) < 0.01,
  },
  {
    name: 'Precog-like',
    source:
      'Jindal et al., "Online Memory Leak Detection in the Cloud" (2021): a line since the ' +
      'last change point with R² ≥ 0.75 that would reach 1 GiB within a million requests',
    accuses: precog,
  },
];

/** One-sided p of Mann and Kendall's test with the variance that autocorrelated ranks have. */
export function hamedRao(work: readonly number[], values: readonly number[]): number {
  const n = values.length;
  const s = kendall(work, values)?.s;
  const slope = theilSen(work, values, 0.99)?.slope;
  if (s === undefined || slope === undefined) return 1;
  const ranks = ranksOf(values.map((value, i) => value - slope * (work[i] ?? 0)));
  const mean = ranks.reduce((a, b) => a + b, 0) / n;
  const covariance = (lag: number) =>
    ranks.slice(lag).reduce((sum, rank, i) => sum + (rank - mean) * ((ranks[i] ?? 0) - mean), 0);
  const bound = 1.96 / Math.sqrt(n);
  let extra = 0;
  for (let lag = 1; lag < n; lag++) {
    const rho = covariance(lag) / covariance(0);
    if (Math.abs(rho) > bound) extra += (n - lag) * (n - lag - 1) * (n - lag - 2) * rho;
  }
  const inflation = Math.max(1e-9, 1 + (2 * extra) / (n * (n - 1) * (n - 2)));
  const variance = ((n * (n - 1) * (2 * n + 5)) / 18) * inflation;
  return normalUpperTail((s - Math.sign(s)) / Math.sqrt(variance)) ?? 1;
}

function ranksOf(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

const limitBytes = 1024 ** 3;
const criticalRequests = 1_000_000;

function precog(heap: readonly number[], work: readonly number[]): boolean {
  const steps = heap.slice(1).map((value, i) => value - (heap[i] ?? 0));
  const mean = steps.reduce((a, b) => a + b, 0) / steps.length;
  const sd = Math.sqrt(steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / steps.length);
  // A change point is a step more than three standard deviations from the others.
  const start = 1 + steps.findLastIndex((step) => Math.abs(step - mean) > 3 * sd);
  const y = heap.slice(start);
  const x = work.slice(start);
  if (y.length < 5) return false;
  const { slope, r2 } = line(x, y);
  return slope > 0 && r2 >= 0.75 && (limitBytes - (y.at(-1) ?? 0)) / slope < criticalRequests;
}

function line(x: readonly number[], y: readonly number[]) {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, xy, yy] = [0, 0, 0];
  for (const [i, xi] of x.entries()) {
    const yi = y[i] ?? my;
    xx += (xi - mx) ** 2;
    xy += (xi - mx) * (yi - my);
    yy += (yi - my) ** 2;
  }
  return { slope: xx > 0 ? xy / xx : 0, r2: xx > 0 && yy > 0 ? xy ** 2 / (xx * yy) : 0 };
}

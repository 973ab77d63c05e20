// How high a rate may be, given k of n: the exact upper limit of a binomial share.
// Source: Clopper and Pearson, Biometrika 26 (1934), 404.
//
//   the p with P(X ≤ k | n, p) = 1 - confidence

/** One-sided upper limit; 1 when k is n. */
export function upperLimit(k: number, n: number, confidence = 0.95): number {
  if (k >= n) return 1;
  let low = k / n;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost(k, n, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X ≤ k), summed as logarithms: n may be many thousands. */
function atMost(k: number, n: number, p: number): number {
  let log = n * Math.log1p(-p);
  let sum = Math.exp(log);
  for (let i = 1; i <= k; i++) {
    log += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(log);
  }
  return sum;
}

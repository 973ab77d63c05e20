// Upper tail of the standard normal distribution, for the approximations beyond exact tables.
// Source: Press et al., "Numerical Recipes in C", 2nd ed., section 6.2 (erfcc): a Chebyshev fit
// whose relative error is below 1.2e-7 everywhere, also far out in the tail.
//
//   P(Z > z) = erfc(z / √2) / 2

const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
] as const;

/** P(Z > z); null when z is not a number. */
export function normalUpperTail(z: number): number | null {
  if (Number.isNaN(z)) return null;
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series = coefficients.reduceRight((sum, coefficient) => coefficient + t * sum, 0);
  const tail = (t * Math.exp(-x * x + series)) / 2;
  return z >= 0 ? tail : 1 - tail;
}

// A test that may be looked at after every value: has the order of the values come to matter? A
// conformal martingale on ranks; under exchangeable values it exceeds 1,000 with a probability of
// at most 1/1000 over the whole run, however often one looks (Ville 1939).
// Source: Vovk, Nouretdinov and Gammerman, "Testing exchangeability on-line", ICML 2003 (power
// martingale with ε = 0.3); Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World".
//
//   p_n = (#{i ≤ n: y_i > y_n} + ½ #{i ≤ n: y_i = y_n}) / n      small when y_n is a new maximum
//   M_n = Π_{i=2..n} 0.3 · p_i^-0.7                             the first value says nothing
//
// The source draws the place of p within its step at random. The middle is used here, so the same
// levels always give the same answer; the bet is convex, so its value in the middle of a step is at
// most its mean over the step (Hermite and Hadamard), and E(bet) ≤ 1 still holds.

const exponent = 0.3;

/** The martingale after each value, from 1; values that are not finite are refused with null. */
export function conformalMartingale(values: readonly number[]): readonly number[] | null {
  if (!values.every(Number.isFinite)) return null;
  let wealth = 1;
  return values.map((value, index) => {
    let above = 0;
    for (let i = 0; i <= index; i++) {
      const other = values[i] ?? value;
      above += other > value ? 1 : other === value ? 0.5 : 0;
    }
    if (index > 0) wealth *= rankBet(above / (index + 1));
    return wealth;
  });
}

/** What the wealth is multiplied by for a rank p; its mean over all ranks is at most 1. */
export function rankBet(p: number): number {
  return exponent * p ** (exponent - 1);
}

// How many discordant pairs a random order has: the exact null distribution behind Kendall's S.
// Sources: MacMahon, "Combinatory Analysis" (1915): inversions of the permutations of a multiset
// have the q-multinomial as generating function; Mann and Whitney, Ann. Math. Stat. 18 (1947), 50,
// for the recurrence of one q-binomial factor.
//
//   [n]!_q / Π [t_j]!_q  =  Π_j  binomial(t_1 + … + t_j, t_j)_q         t_j: sizes of tied groups
//   f(a, b; k) = a/(a+b) · f(a-1, b; k-b)  +  b/(a+b) · f(a, b-1; k)     one factor, as probability
//
// Without ties every t_j is 1, each factor is uniform on 0…j-1, and the product is the Mahonian
// recurrence. Only sums of positive terms occur, so nothing cancels.

/** Probability of k discordant pairs, k from 0; `groups` are the sizes of the tied groups. */
export function discordanceDistribution(groups: readonly number[]): Float64Array {
  let distribution = Float64Array.of(1);
  let seen = 0;
  for (const size of groups) {
    const factor = size === 1 ? uniform(seen + 1) : mannWhitney(seen, size);
    distribution = convolve(distribution, factor);
    seen += size;
  }
  return distribution;
}

function uniform(count: number): Float64Array {
  return new Float64Array(count).fill(1 / count);
}

/** Discordant pairs between `a` and `b` values in random order; k runs to a·b. */
function mannWhitney(a: number, b: number): Float64Array {
  // Row i holds f(i, j; ·) for the current j; j grows in the outer loop.
  let rows = Array.from({ length: a + 1 }, () => Float64Array.of(1));
  for (let j = 1; j <= b; j++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let i = 1; i <= a; i++) {
      const row = new Float64Array(i * j + 1);
      addShifted(row, next[i - 1] ?? row, j, i / (i + j));
      addShifted(row, rows[i] ?? row, 0, j / (i + j));
      next.push(row);
    }
    rows = next as typeof rows;
  }
  return rows[a] ?? Float64Array.of(1);
}

function addShifted(into: Float64Array, from: Float64Array, shift: number, weight: number): void {
  from.forEach((value, k) => {
    into[k + shift] = (into[k + shift] ?? 0) + weight * value;
  });
}

function convolve(left: Float64Array, right: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(left.length + right.length - 1);
  right.forEach((weight, shift) => {
    addShifted(out, left, shift, weight);
  });
  return out;
}

// The null distribution of discordant pairs, against published counts.

import { test } from 'tap';
import { discordanceDistribution } from '../../../harness/stats/mahonian.ts';

const ones = (n: number) => new Array<number>(n).fill(1);
const counts = (groups: readonly number[], orders: number) =>
  [...discordanceDistribution(groups)].map((p) => Math.round(p * orders));

test('without ties the counts are the Mahonian numbers', (t) => {
  // OEIS A008302, rows 4 and 5.
  t.same(counts(ones(4), 24), [1, 3, 5, 6, 5, 3, 1]);
  t.same(counts(ones(5), 120), [1, 4, 9, 15, 20, 22, 20, 15, 9, 4, 1]);
  t.end();
});

test('two tied groups give the Gaussian binomial', (t) => {
  // binomial(4, 2)_q = 1 + q + 2q² + q³ + q⁴.
  t.same(counts([2, 2], 6), [1, 1, 2, 1, 1]);
  t.end();
});

test('every distribution sums to one and is symmetric', (t) => {
  for (const groups of [ones(60), [3, 1, 4, 1, 5], [30, 30], [7], []]) {
    const p = discordanceDistribution(groups);
    const total = p.reduce((sum, value) => sum + value, 0);
    t.ok(Math.abs(total - 1) < 1e-12, `${groups.length} groups sum to ${total}`);
    t.ok(p.every((value, k) => Math.abs(value - (p.at(-1 - k) ?? -1)) < 1e-12));
  }
  t.end();
});

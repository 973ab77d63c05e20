// The leaderboard's bars in reduced form: every shape under every noise, ten held-out seeds each,
// and the statistics that only the leaderboard uses. The full form is test/bench/detector.ts.

import { test } from 'tap';
import { upperLimit } from './binomial.ts';
import { leaderboard } from './leaderboard.ts';
import { hamedRao } from './rivals.ts';

test('of held-out series hardly an innocent is accused, and every leak that shows is found', (t) => {
  const { scores, cellCount } = leaderboard({ perCell: 10, seeds: 'heldOut', scale: 'ci' });
  const { experiment, others } = scores;
  t.equal(cellCount, 200);
  // 0.1 % of 1,100 innocents are one; four would come by chance once in fifty runs.
  t.ok(experiment.accused <= 3, `${experiment.accused} of ${experiment.innocents} accused`);
  const { visible, visibleFound } = experiment;
  t.ok(visible > 700, `${visible} leaks above the resolution`);
  t.ok(visibleFound >= 0.985 * visible, `${visibleFound} of ${visible} found`);
  for (const rival of others.filter(({ name }) => name !== 'Precog-like')) {
    const isWorse = rival.accused > 20 * Math.max(1, experiment.accused);
    t.ok(isWorse, `${rival.name} accuses ${rival.accused}`);
  }
  t.end();
});

test('the upper limit of a share is what SciPy gives', (t) => {
  // scipy.stats.beta.ppf(0.95, k + 1, n - k), SciPy 1.17
  const cases = [
    [0, 14000, 0.00021395798440750045],
    [3, 6400, 0.0012110589691005224],
    [12, 6000, 0.003238418378010177],
    [50, 100, 0.5863782853690882],
    [99, 100, 0.9994871985837377],
  ] as const;
  for (const [k, n, expected] of cases) {
    t.ok(Math.abs(upperLimit(k, n) / expected - 1) < 1e-9, `${k} of ${n}: ${upperLimit(k, n)}`);
  }
  t.equal(upperLimit(5, 5), 1);
  t.end();
});

test("Hamed and Rao's p is what pymannkendall gives for a wandering series", (t) => {
  const falling = [
    0.001, 0.35, 0.111, -0.73, -1.091, -1.968, -1.747, -0.254, -0.666, -1.184, -0.562, -0.102,
    0.086, -0.769, -0.677, 0.137, -1.127, -1.438, -3.175, -4.21, -5.744, -5.592, -6.477, -5.777,
    -5.224, -5.04, -7.192, -7.256, -6.824, -6.25,
  ];
  const rising = falling.map((value) => -value);
  const work = rising.map((_, i) => i);
  // hamed_rao_modification_test of pymannkendall 1.4 is two-sided: p = 0.0009447790781578203
  t.ok(Math.abs(hamedRao(work, rising) / (0.0009447790781578203 / 2) - 1) < 1e-5);
  t.ok(hamedRao(work, falling) > 0.999);
  t.end();
});

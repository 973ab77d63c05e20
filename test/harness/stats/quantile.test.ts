// Quantiles, the median and the normal tail against NumPy 2 and SciPy 1.17.

import { test } from 'tap';
import { median } from '../../../harness/stats/median.ts';
import { normalUpperTail } from '../../../harness/stats/normal.ts';
import { quantile } from '../../../harness/stats/quantile.ts';
import { seededRng } from '../../../injectors/determinism.ts';

const values = [3, 1, 4, 1, 5, 9, 2, 6];

test('quantiles are what numpy.quantile gives by default', (t) => {
  const expected = [
    [0, 1],
    [0.1, 1],
    [0.25, 1.75],
    [0.5, 3.5],
    [0.9, 6.9],
    [0.99, 8.79],
    [1, 9],
  ] as const;
  for (const [share, value] of expected) {
    t.ok(Math.abs((quantile(values, share) ?? -1) - value) < 1e-12, `${share}`);
  }
  t.same(values, [3, 1, 4, 1, 5, 9, 2, 6], 'the input keeps its order');
  t.end();
});

test('the median of an even count is the mean of the middle two', (t) => {
  t.equal(median(values), 3.5);
  t.equal(median([2, 9, 4]), 4);
  t.end();
});

test('the normal tail is what scipy.stats.norm.sf gives', (t) => {
  const expected = [
    [0, 0.5],
    [1, 0.15865525393145707],
    [1.96, 0.024997895148220435],
    [3, 0.0013498980316300933],
    [5, 2.866515718791933e-7],
    [8, 6.22096057427174e-16],
    [-1, 0.8413447460685429],
  ] as const;
  for (const [z, p] of expected) {
    t.ok(Math.abs((normalUpperTail(z) ?? -1) / p - 1) < 2e-7, `z = ${z}`);
  }
  t.end();
});

test('empty samples and values that are not finite give null', (t) => {
  t.equal(quantile([], 0.5), null);
  t.equal(quantile([1, 2], 1.5), null);
  t.equal(quantile([1, Number.NaN], 0.5), null);
  t.equal(median([]), null);
  t.equal(normalUpperTail(Number.NaN), null);
  t.equal(median([7]), 7);
  t.end();
});

test('quantiles rise with their share, lie within the sample, and move with it', (t) => {
  for (const sample of samples()) {
    let before = Math.min(...sample);
    for (let share = 0; share <= 1; share += 0.0625) {
      const value = quantile(sample, share) ?? Number.NaN;
      if (!(value >= before && value <= Math.max(...sample))) t.fail(`share ${share}: ${value}`);
      const moved = sample.map((x) => 4 * x - 8);
      // Powers of two, so that no rounding tells them apart.
      if (quantile(moved, share) !== 4 * value - 8) t.fail(`share ${share} does not move with it`);
      before = value;
    }
    if (median(sample) !== quantile(sample, 0.5)) t.fail('the median is not the middle quantile');
  }
  t.pass('300 samples');
  t.end();
});

test('the two normal tails make one, and the upper one falls', (t) => {
  let before = 1;
  for (let z = -6; z <= 6; z += 0.125) {
    const tail = normalUpperTail(z) ?? Number.NaN;
    if (Math.abs(tail + (normalUpperTail(-z) ?? 0) - 1) > 1e-7) t.fail(`tails at ${z}`);
    if (!(tail < before)) t.fail(`the tail does not fall at ${z}`);
    before = tail;
  }
  t.pass('97 points');
  t.end();
});

/** Whole numbers, so that sums of them are exact. */
function samples(): readonly (readonly number[])[] {
  const rng = seededRng(8);
  const sizes = Array.from({ length: 300 }, () => rng.integer(1, 33));
  return sizes.map((size) => Array.from({ length: size }, () => rng.integer(-50, 50)));
}

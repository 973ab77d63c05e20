// Quantiles, the median and the normal tail against NumPy 2 and SciPy 1.17.

import { test } from 'tap';
import { median } from '../../../harness/stats/median.ts';
import { normalUpperTail } from '../../../harness/stats/normal.ts';
import { quantile } from '../../../harness/stats/quantile.ts';

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

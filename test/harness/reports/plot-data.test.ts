// Thinning for plots: bounded, and a peak of one sample survives.

import { test } from 'tap';
import { downsample } from '../../../harness/reports/plot-data.ts';
import { seededRng } from '../../../injectors/determinism.ts';

const indices = (count: number) => Array.from({ length: count }, (_, index) => index);

test('a series within the limit is left as it is', async (t) => {
  t.same(downsample([0, 1, 2], [5, 7, 6]), { x: [0, 1, 2], y: [5, 7, 6] });
  t.same(downsample([], []), { x: [], y: [] });
});

test('a single peak and a single dip in 36,000 readings survive at 2,000 points', async (t) => {
  for (let seed = 1; seed <= 50; seed++) {
    const rng = seededRng(seed);
    const y = indices(36_000).map(() => 100 + rng.next());
    const [peak, dip] = [rng.integer(1, 17_999), rng.integer(18_000, 35_998)];
    y[peak] = 900;
    y[dip] = -900;
    const thin = downsample(indices(36_000), y);
    t.ok(thin.x.length <= 2000, `${thin.x.length} points`);
    t.equal(thin.y[thin.x.indexOf(peak)], 900);
    t.equal(thin.y[thin.x.indexOf(dip)], -900);
    t.equal(thin.x[0], 0);
    t.equal(thin.x.at(-1), 35_999);
    t.same(
      thin.x,
      thin.x.toSorted((a, b) => a - b),
    );
  }
});

test('a burst of readings does not take the room of the rest', async (t) => {
  const x = [...indices(1000), ...indices(100_000).map((index) => 1000 + index / 1e6)];
  const thin = downsample(x, x, 100);
  t.ok(thin.x.filter((time) => time < 1000).length > 90);
});

test('readings that are not finite are left out, and equal times are no division by zero', async (t) => {
  t.same(downsample([0, 1, 2], [1, Number.NaN, 3]), { x: [0, 2], y: [1, 3] });
  const same = downsample(new Array(5000).fill(7), indices(5000), 100);
  t.same(same, { x: [7, 7], y: [0, 4999] });
});

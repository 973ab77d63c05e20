// Theil–Sen against SciPy 1.17's theilslopes (the slope), and against what defines its interval:
// it holds exactly the slopes that Kendall's test does not reject.

import { test } from 'tap';
import { kendall } from '../../../harness/stats/kendall.ts';
import { theilSen } from '../../../harness/stats/theil-sen.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { white } from '../../fixtures/levels.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const twelve = [9, 7, 10, 8, 14, 11, 12, 19, 15, 13, 18, 20];

test('the slope is what SciPy gives', (t) => {
  const uneven = [1, 2, 4, 7, 11, 16, 22, 29];
  const values = [2.1, 3.9, 8.4, 13.5, 23, 31.2, 45.1, 57.9];
  t.ok(Math.abs((theilSen(uneven, values, 0.95)?.slope ?? 0) - 2.004545454545455) < 1e-12);
  const x = upTo(12).map((i) => i * 300);
  t.ok(Math.abs((theilSen(x, twelve, 0.99)?.slope ?? 0) - 1 / 300) < 1e-15);
  t.end();
});

test('the interval holds exactly the slopes that the exact test accepts', (t) => {
  const rng = seededRng(3);
  const noise = white(1)(rng);
  for (const n of [6, 9, 15, 24]) {
    const x = upTo(n).map((i) => i * 10 + rng.integer(0, 5));
    const y = x.map((xi) => 0.02 * xi + noise(0));
    const interval = theilSen(x, y, 0.99)?.interval;
    const isAccepted = (slope: number) => {
      const rest = y.map((value, i) => value - slope * (x[i] ?? 0));
      const up = kendall(x, rest)?.pUpper ?? 1;
      const down = kendall(
        x,
        rest.map((value) => -value),
      )?.pUpper;
      return Math.min(up, down ?? 1) > 0.005;
    };
    const { low, high } = interval ?? { low: 0, high: 0 };
    const edge = (high - low) * 1e-9;
    t.ok(high > low, `n = ${n}`);
    t.ok(isAccepted(low + edge) && isAccepted(high - edge) && isAccepted((low + high) / 2));
    t.notOk(isAccepted(low - edge) || isAccepted(high + edge));
  }
  t.end();
});

test('a 95 % interval covers the true slope in at least 95 % of 2,000 series', (t) => {
  const noise = white(50)(seededRng(8));
  let covered = 0;
  for (let round = 0; round < 2000; round++) {
    const y = upTo(10).map((i) => 7 * i + noise(0));
    const interval = theilSen(upTo(10), y, 0.95)?.interval;
    if (interval && interval.low <= 7 && 7 <= interval.high) covered++;
  }
  // Binomial slack: four standard deviations of 2,000 draws at 0.95 are 39.
  t.ok(covered >= 1900 - 39, `${covered} of 2000`);
  t.ok(covered < 1990, `${covered} of 2000: the interval is not absurdly wide`);
  t.end();
});

test('an exact line has its slope as both bounds', (t) => {
  const y = upTo(8).map((i) => 5 + 344 * i);
  t.same(theilSen(upTo(8), y, 0.99), { slope: 344, interval: { low: 344, high: 344 } });
  t.end();
});

test('a third of wild points moves the slope little', (t) => {
  const y = upTo(15).map((i) => 10 * i);
  const wild = y.with(2, 9000).with(7, -9000).with(11, 4000).with(13, -7000);
  t.ok(Math.abs((theilSen(upTo(15), wild, 0.99)?.slope ?? 0) - 10) < 0.001);
  t.end();
});

test('five points carry no interval of 99 %, six do', (t) => {
  t.equal(theilSen(upTo(5), [1, 2, 4, 3, 5], 0.99)?.interval, null);
  t.ok(theilSen(upTo(6), [1, 2, 4, 3, 5, 6], 0.99)?.interval);
  t.end();
});

test('beyond sixty points the interval stays close to that of sixty', (t) => {
  const noise = white(1)(seededRng(4));
  const y = upTo(61).map((i) => i + noise(0));
  const width = (n: number) => {
    const interval = theilSen(upTo(n), y.slice(0, n), 0.99)?.interval;
    return interval ? interval.high - interval.low : 0;
  };
  t.ok(Math.abs(width(61) / width(60) - 1) < 0.15, `${width(60)} and ${width(61)}`);
  t.end();
});

test('equal values have slope zero, and what has no slope gives null', (t) => {
  t.same(theilSen(upTo(7), new Array(7).fill(3), 0.99), {
    slope: 0,
    interval: { low: 0, high: 0 },
  });
  t.equal(theilSen([], [], 0.99), null);
  t.equal(theilSen([1], [1], 0.99), null);
  t.equal(theilSen([2, 2, 2], [1, 2, 3], 0.99), null);
  t.equal(theilSen([1, 2], [1, Number.POSITIVE_INFINITY], 0.99), null);
  t.end();
});

test('a line that is added is added to the slope and to both bounds', (t) => {
  const rng = seededRng(31);
  for (let nth = 0; nth < 300; nth++) {
    const x = upTo(rng.integer(6, 20)).map((i) => 4 * i + rng.integer(0, 3));
    const y = x.map(() => rng.integer(-1000, 1000));
    const plain = theilSen(x, y, 0.98);
    const bounds = (fit: typeof plain) => [fit?.slope, fit?.interval?.low, fit?.interval?.high];
    const near = (fit: typeof plain, change: (slope: number) => number) =>
      bounds(fit).every((value, at) => {
        return Math.abs((value ?? 0) - change(bounds(plain)[at] ?? 0)) < 1e-9;
      });
    const tilted = y.map((value, i) => value + 7 * (x[i] ?? 0) - 5);
    if (!near(theilSen(x, tilted, 0.98), (slope) => slope + 7)) t.fail(`tilted, ${nth}`);
    const scaled = y.map((value) => 8 * value);
    if (!near(theilSen(x, scaled, 0.98), (slope) => 8 * slope)) t.fail(`scaled, ${nth}`);
    const mirrored = theilSen(
      x,
      y.map((value) => -value),
      0.98,
    );
    const { low = 0, high = 0 } = mirrored?.interval ?? {};
    const { interval } = plain ?? {};
    const offBy = Math.abs(low + (interval?.high ?? 1)) + Math.abs(high + (interval?.low ?? 1));
    if (offBy > 1e-9) t.fail(`mirrored, ${nth}`);
  }
  t.pass('300 series');
  t.end();
});

// The conformal martingale against SciPy 1.17 (ranks by scipy.stats.rankdata), and its promise:
// under exchangeable values it seldom grows large, whenever one looks.

import { test } from 'tap';
import { conformalMartingale } from '../../../harness/stats/conformal.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { white } from '../../fixtures/levels.ts';

const isNear = (actual: number | undefined, expected: number) =>
  actual !== undefined && Math.abs(actual / expected - 1) < 1e-12;

test('the martingale of rising, mixed and tied values is what ranks by SciPy give', (t) => {
  // after 2, 7, 13 and 14 rising values; after 12 mixed ones with ties; after six equal ones
  const rising = conformalMartingale(Array.from({ length: 14 }, (_, i) => i)) ?? [];
  t.ok(isNear(rising[1], 0.7917047464637365), `${rising[1]}`);
  t.ok(isNear(rising[12], 1288.5558343451705), `${rising[12]}`);
  t.ok(isNear(rising[13], 3983.227561638384), `${rising[13]}`);
  const mixed = conformalMartingale([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]) ?? [];
  t.ok(isNear(mixed[11], 0.03436916658441714), `${mixed[11]}`);
  t.ok(isNear(conformalMartingale([7, 7, 7, 7, 7, 7])?.[5], 0.02749231165253295));
  t.end();
});

test('no bet is worth more than one on average: every rank is equally likely', (t) => {
  for (let n = 2; n <= 60; n++) {
    const last = (rank: number) => {
      const values = [...Array.from({ length: n - 1 }, (_, i) => i), rank - 0.5];
      const wealth = conformalMartingale(values) ?? [];
      return (wealth[n - 1] ?? 0) / (wealth[n - 2] ?? 1);
    };
    const mean = Array.from({ length: n }, (_, rank) => last(rank)).reduce((a, b) => a + b, 0) / n;
    t.ok(mean <= 1 && mean > 0.5, `n = ${n}: ${mean}`);
  }
  t.end();
});

test('noise exceeds a hundred at any look in fewer than one series of a hundred', (t) => {
  const series = 3000;
  let alarms = 0;
  for (let seed = 0; seed < series; seed++) {
    const rng = seededRng(seed);
    const noise = white(1)(rng);
    const wealth = conformalMartingale(Array.from({ length: 60 }, noise)) ?? [];
    if (wealth.some((value) => value >= 100)) alarms++;
  }
  t.ok(alarms <= series / 100, `${alarms} of ${series}`);
  t.end();
});

test('only ranks count: a monotone change of scale changes nothing', (t) => {
  const noise = white(1)(seededRng(3));
  const values = Array.from({ length: 30 }, noise);
  t.same(conformalMartingale(values.map(Math.exp)), conformalMartingale(values));
  t.end();
});

test('values that are not finite are refused', (t) => {
  t.equal(conformalMartingale([1, Number.NaN]), null);
  t.same(conformalMartingale([]), []);
  t.end();
});

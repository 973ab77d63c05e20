// The growth exponent on shapes whose exponent is known.

import { test } from 'tap';
import { growthExponent } from '../../../harness/stats/exponent.ts';
import { seededRng } from '../../../injectors/determinism.ts';

const of = (slope: (work: number) => number, early = 1000, late = 4000) =>
  growthExponent({ slope: slope(early), work: early }, { slope: slope(late), work: late });

test('a leak has exponent one, a square root a half, a logarithm none', (t) => {
  t.equal(
    of(() => 300),
    1,
  );
  t.ok(Math.abs((of((work) => 5 / Math.sqrt(work)) ?? 0) - 0.5) < 1e-12);
  t.ok(Math.abs(of((work) => 9 / work) ?? 1) < 1e-12);
  t.end();
});

test('what fills up has a negative exponent', (t) => {
  t.ok((of((work) => Math.exp(-work / 1000)) ?? 1) < 0);
  t.end();
});

test('without two positive slopes at growing work there is no exponent', (t) => {
  t.equal(
    of(() => 0),
    null,
  );
  t.equal(
    of(() => -3),
    null,
  );
  t.equal(
    of(() => 3, 1000, 1000),
    null,
  );
  t.equal(
    of(() => 3, 0, 1000),
    null,
  );
  t.equal(growthExponent({ slope: Number.NaN, work: 1 }, { slope: 1, work: 2 }), null);
  t.end();
});

test('any power law gives its own exponent back, in whatever units', (t) => {
  const rng = seededRng(12);
  for (let nth = 0; nth < 500; nth++) {
    const exponent = 0.05 + 2 * rng.next();
    const early = 1 + 1e5 * rng.next();
    const late = early * (1.2 + 9 * rng.next());
    const scale = 10 ** (6 * rng.next() - 3);
    const found = of((work) => scale * exponent * work ** (exponent - 1), early, late);
    if (Math.abs((found ?? 0) - exponent) > 1e-9) t.fail(`${exponent} read as ${found}`);
  }
  t.pass('500 power laws');
  t.end();
});

// The interval of a difference: the published example, its symmetry, and how often it covers.

import { test } from 'tap';
import { intervalDifference } from '../../../harness/stats/interval-difference.ts';
import { theilSen } from '../../../harness/stats/theil-sen.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { white } from '../../fixtures/levels.ts';

test('equal intervals of half-width w have a difference of half-width w times root two', async (t) => {
  const one = { estimate: 5, low: 2, high: 8 };
  const difference = intervalDifference(one, one);
  t.equal(difference?.estimate, 0);
  t.ok(Math.abs((difference?.high ?? 0) - 3 * Math.SQRT2) < 1e-12);
  t.equal(difference?.low, -(difference?.high ?? 0));
});

test('each limit takes the side of either interval that can move it', async (t) => {
  const a = { estimate: 10, low: 10, high: 14 };
  const b = { estimate: 20, low: 17, high: 20 };
  t.same(intervalDifference(a, b), { estimate: 10, low: 5, high: 10 });
});

test('an interval that is open is no basis for a difference', async (t) => {
  const open = { estimate: 1, low: 0, high: Number.POSITIVE_INFINITY };
  t.equal(intervalDifference(open, open), null);
});

test('of slopes of noise the 99 % interval leaves out the truth in about one of a hundred', async (t) => {
  const work = Array.from({ length: 12 }, (_, cycle) => cycle * 150);
  const pairs = 1000;
  let missed = 0;
  for (let seed = 0; seed < pairs; seed++) {
    const slopeOf = (name: string) => {
      const noise = white(1000)(seededRng(seed).fork(name));
      const fit = theilSen(
        work,
        work.map((x) => noise(x)),
        0.99,
      );
      return {
        estimate: fit?.slope ?? 0,
        low: fit?.interval?.low ?? 0,
        high: fit?.interval?.high ?? 0,
      };
    };
    const difference = intervalDifference(slopeOf('a'), slopeOf('b'));
    if (difference === null || difference.low > 0 || difference.high < 0) missed += 1;
  }
  t.ok(missed <= 25, `${missed} of ${pairs}`);
});

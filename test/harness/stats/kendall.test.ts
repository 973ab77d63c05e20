// Kendall's S against two oracles: SciPy 1.17's kendalltau (method='exact', alternative='greater')
// and counting every permutation by hand, which also covers ties.

import { test } from 'tap';
import { kendall } from '../../../harness/stats/kendall.ts';
import { seededRng } from '../../../injectors/determinism.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const isNear = (actual: number, expected: number, relative = 1e-9) =>
  Math.abs(actual - expected) <= relative * Math.abs(expected);

function permutations(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]];
  return values.flatMap((value, i) =>
    permutations(values.toSpliced(i, 1)).map((rest) => [value, ...rest]),
  );
}

/** P(S ≥ s) by trying every order of y. */
function countedP(x: readonly number[], y: readonly number[]): number {
  const s = kendall(x, y)?.s ?? 0;
  const all = permutations(y).map((order) => kendall(x, order)?.s ?? 0);
  return all.filter((other) => other >= s).length / all.length;
}

test('the exact p of untied series is what SciPy gives', (t) => {
  const y20 = [2, 0, 5, 1, 3, 8, 4, 9, 6, 7, 12, 10, 11, 15, 13, 14, 19, 16, 18, 17];
  const mixed = [7, 3, 9, 1, 12, 5, 0, 14, 8, 2, 16, 6, 11, 4, 19, 10, 13, 15, 17, 18];
  const cases: readonly (readonly [readonly number[], number])[] = [
    [[3, 1, 4, 2, 6, 5, 8, 10, 7, 9], 0.00234347442680776],
    [y20, 4.53054274564096e-9],
    [mixed, 0.0029618986356861046],
    [mixed.map((value) => -value), 0.9976258450719365],
    [upTo(60).map((i) => (i * 37) % 61), 0.14408942472152309],
  ];
  for (const [y, expected] of cases) {
    const result = kendall(upTo(y.length), y);
    t.equal(result?.isExact, true);
    t.ok(isNear(result?.pUpper ?? -1, expected), `${result?.pUpper} is ${expected}`);
  }
  t.end();
});

test('with ties in one series p is still the share of orders that rise as much', (t) => {
  const rng = seededRng(11);
  for (let round = 0; round < 12; round++) {
    const y = upTo(6).map(() => rng.integer(0, 3));
    if (new Set(y).size === 1) continue;
    const p = kendall(upTo(6), y)?.pUpper ?? -1;
    t.ok(isNear(p, countedP(upTo(6), y)), `${p} for ${y}`);
  }
  t.end();
});

test('ties in x count the same as ties in y', (t) => {
  const x = [1, 1, 2, 3, 3, 4];
  const y = [4, 2, 5, 7, 6, 9];
  t.equal(kendall(x, y)?.pUpper, kendall(y, x)?.pUpper);
  t.ok(isNear(kendall(x, y)?.pUpper ?? -1, countedP(x, y)));
  t.end();
});

test('beyond sixty points the normal approximation is near the exact p', (t) => {
  const y = upTo(80).map((i) => ((i * 37) % 97) + i * 0.4);
  const result = kendall(upTo(80), y);
  t.equal(result?.isExact, false);
  t.equal(result?.s, 798);
  // SciPy's exact p is 0.0004156600136363234; the true tail is a little thinner.
  t.ok(isNear(result?.pUpper ?? -1, 0.0004156600136363234, 0.15), String(result?.pUpper));
  t.end();
});

test('with ties in both series the approximation is near the counted p', (t) => {
  const x = [1, 1, 2, 3, 4, 5, 6, 7];
  const y = [2, 1, 2, 3, 3, 5, 4, 6];
  const p = kendall(x, y)?.pUpper ?? -1;
  t.equal(kendall(x, y)?.isExact, false);
  t.ok(Math.abs(p - countedP(x, y)) < 0.002, `${p} against ${countedP(x, y)}`);
  t.end();
});

test('any rising transformation of the values leaves the result alone', (t) => {
  const rng = seededRng(5);
  const y = upTo(25).map(() => rng.next());
  t.same(kendall(upTo(25), y.map(Math.exp)), kendall(upTo(25), y));
  t.end();
});

test('what cannot be compared gives null', (t) => {
  t.equal(kendall([], []), null);
  t.equal(kendall([1], [2]), null);
  t.equal(kendall([1, 2, 3], [5, 5, 5]), null);
  t.equal(kendall([4, 4, 4], [1, 2, 3]), null);
  t.equal(kendall([1, 2], [1, Number.NaN]), null);
  t.equal(kendall([1, 2, 3], [1, 2]), null);
  t.end();
});

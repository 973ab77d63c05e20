// One seed gives one answer, whatever faults are in it; and the comparison can tell two apart.

import { test } from 'tap';
import { repeatability } from './repeatability.ts';

test('a hundred random plans, each run twice, give the same bytes and journals', async (t) => {
  t.setTimeout(600_000);
  const rows = await repeatability(100, 1);
  for (const { path, answers, disturbed, differing } of rows) {
    t.same(differing, [], path);
    t.equal(answers, 100);
    t.ok(disturbed >= 40, `${path}: faults acted in ${disturbed}`);
  }
  const kinds = new Set(rows.flatMap(({ faults }) => [...faults])).size;
  t.ok(kinds >= 40, `${kinds} kinds of faults acted`);
});

test('with another seed the bytes are others', async (t) => {
  for (const { path, differing } of await repeatability(5, 1, 1)) {
    t.ok(differing.length >= 4, `${path}: ${differing.length} of 5 differ`);
  }
});

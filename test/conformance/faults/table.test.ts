// A few rows of the table, one of each family, with the real SDKs; the whole table is the slow
// suite and `node test/conformance/faults/table.ts`. And of the table: that it is whole, and can
// fail.

import { test } from 'tap';
import { injectors } from '../../../injectors/index.ts';
import { observations } from '../../../injectors/observed/index.ts';
import { ways } from '../../../injectors/observed/observation.ts';
import { columns } from './columns.ts';
import { problemOf } from './promises.ts';
import { checkedRow, reasonForNone } from './row.ts';

const few = ['truncate', 'html-error', 'half-message', 'tcp-down', 'abort'];

for (const injector of injectors.filter(({ name }) => few.includes(name))) {
  test(`every SDK makes of ${injector.example} what the catalogue promises`, async (t) => {
    const row = await checkedRow(injector);
    t.same(row.problems, []);
    t.equal(row.cells.length, row.reason === undefined ? columns.length : 0);
  });
}

test('every fault has its promises, and there are none without a fault', async (t) => {
  const onAnswers = injectors.filter((injector) => reasonForNone(injector) === undefined);
  const names = onAnswers.map(({ name }) => name);
  t.same(Object.keys(observations).toSorted(), names.toSorted());
  t.ok(injectors.length >= 60, `${injectors.length} faults`);
  t.same(
    columns.map(({ name }) => name),
    [...ways],
  );
});

const observed = 'error aborted 2';
const acted = { observed, notes: ['reset'] };

test('a cell that is as promised has no problem', async (t) => {
  for (const promise of [observed, 'error aborted 0-3', `ok 3 | ${observed}`]) {
    t.equal(problemOf(acted, promise, 'ok 10'), undefined);
  }
  const excluded = { observed: 'ok 10', excluded: 'no head', notes: [] };
  t.equal(problemOf(excluded, 'n/a', 'ok 10'), undefined);
});

test('a cell that is not as promised has one', async (t) => {
  for (const promise of [
    'error aborted 3',
    'error aborted 3-4',
    'silent 2',
    'n/a',
    'error abort 0-3',
  ]) {
    t.match(problemOf(acted, promise, 'ok 10'), /^promised/);
  }
});

test('a fault that says nothing, and one that acts where it cannot be, are problems', async (t) => {
  t.match(problemOf({ observed, notes: [] }, observed, 'ok 10'), /knows of the fault/);
  const disturbed = { observed, excluded: 'no head', notes: [] };
  t.match(problemOf(disturbed, 'n/a', 'ok 10'), /left alone/);
  t.match(problemOf(disturbed, observed, 'ok 10'), /cannot be here: no head/);
});

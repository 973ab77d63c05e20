// Samples in columns read as the array that they stand for, and take a fraction of its memory.

import { test } from 'tap';
import type { Sample } from '../../../harness/series/sample.ts';
import { createSampleTable } from '../../../harness/series/sample-table.ts';
import { seededRng } from '../../../injectors/determinism.ts';

const rng = seededRng(3);
const metrics = ['rssBytes', 'heapBytes', 'gcPauseMs'] as const;
/** More than the columns first have room for. */
const samples = Array.from(
  { length: 5000 },
  (_, index): Sample => ({
    metric: rng.pick(metrics),
    timeMs: index * 100.25,
    value: rng.next() * 2 ** 40,
  }),
);
const table = createSampleTable();
for (const sample of samples) table.push(sample);

test('what was put in comes out again, in its order', async (t) => {
  t.equal(table.length, samples.length);
  t.same([...table], samples);
  for (const index of [0, 4999, -1, -5000, 5000, -5001]) t.same(table.at(index), samples.at(index));
  t.same([...createSampleTable()], []);
});

test('it is filtered and asked as an array is', async (t) => {
  const isLate = ({ metric, timeMs }: Sample) => metric === 'heapBytes' && timeMs > 400_000;
  t.same(table.filter(isLate), samples.filter(isLate));
  t.ok(table.some(isLate));
  t.notOk(table.some(({ value }) => value < 0));
});

// Error rates of the leak experiment over seeds, with binomial slack. The full table is printed by
// test/bench/detector-rates.ts; its figures stand in harness/checkers/README.md.

import { test } from 'tap';
import { detectorRows, measureRow } from '../../fixtures/detector-rows.ts';

const seeds = 40;
/** Four standard deviations above the expected count of a binomial, and one for luck. */
const atMost = (share: number) =>
  Math.ceil(seeds * share + 4 * Math.sqrt(seeds * share * (1 - share))) + 1;

const rowsOf = (kind: string) => detectorRows.filter((row) => row.kind === kind);

test('a process that keeps nothing is hardly ever accused, and mostly called clean', (t) => {
  for (const row of rowsOf('null')) {
    const { findings } = measureRow(row, seeds);
    t.ok(findings['growth-sustained'] <= atMost(0.001), `${row.title}: accused`);
    t.ok(findings.clean >= seeds - atMost(0.02), `${row.title}: clean ${findings.clean}`);
  }
  t.end();
});

test('a leak is found and its resource named, or the run says it cannot tell', (t) => {
  for (const row of rowsOf('leak')) {
    const { findings, namedRight } = measureRow(row, seeds);
    t.ok(namedRight >= seeds - atMost(0.03), `${row.title}: found ${namedRight} of ${seeds}`);
    t.equal(findings.clean + findings['growth-saturating'], 0, `${row.title}: never acquitted`);
  }
  t.end();
});

test('a cache that has filled is never called a leak', (t) => {
  for (const row of rowsOf('bounded')) {
    const { findings } = measureRow(row, seeds);
    t.equal(findings['growth-sustained'], 0, row.title);
    const acquitted = findings.clean + findings['growth-saturating'];
    t.ok(acquitted >= seeds - atMost(0.02), `${row.title}: ${acquitted}`);
  }
  t.end();
});

test('growth that slows down is rarely called a leak', (t) => {
  for (const row of rowsOf('slowing')) {
    const { findings } = measureRow(row, seeds);
    t.ok(findings['growth-sustained'] <= atMost(0.05), row.title);
  }
  t.end();
});

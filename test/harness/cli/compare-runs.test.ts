// Which run of a folder is the newest one of a scenario.

import { test } from 'tap';
import { newestRun } from '../../../harness/cli/compare-runs.ts';

const at = (time: string, rest: string) => `2026-01-02T${time}-${rest}`;

test('the newest is that of the latest second, and in it of the highest number', async (t) => {
  const early = at('030404', 'endurance-3');
  const same = ['endurance-2', 'endurance-10', 'endurance-9', 'endurance'];
  const names = [early, ...same.map((rest) => at('030405', rest))];
  t.equal(newestRun(names, 'endurance'), at('030405', 'endurance-10'));
});

test('runs of other scenarios are none, whatever their names begin or end with', async (t) => {
  const names = [at('030405', 'endurance-full'), at('030405', 'my-endurance'), 'report.html'];
  t.equal(newestRun(names, 'endurance'), undefined);
});

test('a scenario is a name and no pattern', async (t) => {
  t.equal(newestRun([at('030405', 'axb')], 'a.b'), undefined);
  t.equal(newestRun([at('030405', 'a(b')], 'a(b'), at('030405', 'a(b'));
});

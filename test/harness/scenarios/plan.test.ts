// The test plan's cases, one scenario each: fifteen, every one of them covered once.

import { test } from 'tap';
import { findScenario, findScenarios } from '../../../harness/scenarios/index.ts';

test('"all" is the fifteen cases of the test plan, each covered once', async (t) => {
  const cases = findScenarios('all').flatMap(({ covers }) => covers);
  t.equal(cases.length, 15);
  t.equal(new Set(cases).size, 15);
});

test('a name is that scenario alone, an unknown one is refused with those there are', async (t) => {
  t.same(findScenarios('fault-arms'), [findScenario('fault-arms')]);
  t.throws(() => findScenarios('nosuch'), { message: /"nosuch".*Known: .*endurance.*, all\.$/ });
});

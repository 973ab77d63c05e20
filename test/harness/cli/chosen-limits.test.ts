// A budget's limits are found by scenario, and one under an unknown name is wrong usage.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { chosenLimits } from '../../../harness/cli/chosen-limits.ts';

function budgetFile(t: Test, source: string): string {
  const file = join(t.testdir(), 'budget.yaml');
  writeFileSync(file, source);
  return file;
}

test('a limit for a scenario that does not exist is refused by its name', async (t) => {
  const budget = budgetFile(t, 'scenarios:\n  large-promt: { peak: 1MiB }\n');
  t.throws(() => chosenLimits({ budget }), /scenarios\.large-promt: .*Known: .*large-prompt/);
});

test('a limit for one that exists is the limit of that one', async (t) => {
  const budget = budgetFile(t, 'scenarios:\n  large-prompt: { peak: 1MiB }\n');
  const limitsOf = chosenLimits({ budget });
  t.match(limitsOf('large-prompt'), { limits: { peakBytes: 1024 ** 2 } });
  t.match(limitsOf('endurance'), { limits: { peakBytes: null } });
});

// The budget file: what it says, what it inherits, and every mistake named with its place.

import { test } from 'tap';
import { limitsFor, readBudget } from '../../harness/budget.ts';

test('limits are bytes and milliseconds, and null where the file is silent', async (t) => {
  const budget = readBudget('bytesPerRequest: 512\npeak: 400MiB\nrecovery: 30s\n', 'b.yaml');
  t.same(limitsFor(budget, 'endurance'), {
    bytesPerRequest: 512,
    peakBytes: 400 * 1024 ** 2,
    recoveryMs: 30_000,
    residualBytes: null,
  });
});

test("a scenario's own limit wins, and inherits what it leaves out", async (t) => {
  const source = 'bytesPerRequest: 512\npeak: 1MiB\nscenarios:\n  large-prompt: { peak: none }\n';
  const budget = readBudget(source, 'b.yaml');
  t.match(limitsFor(budget, 'large-prompt'), { bytesPerRequest: 512, peakBytes: null });
  t.match(limitsFor(budget, 'endurance'), { peakBytes: 1024 ** 2 });
});

test('every mistake is told at once, each with its place', async (t) => {
  const source = 'peek: 1MiB\nbytesPerRequest: many\nscenarios:\n  endurance: { recovery: soon }\n';
  t.throws(() => readBudget(source, 'b.yaml'), {
    message:
      /b\.yaml:\n.*peek.*Did you mean "peak"[\s\S]*bytesPerRequest=many.*size such as[\s\S]*scenarios\.endurance\.recovery=soon/,
  });
});

test('a file that limits nothing is a mistake, and so is one that is no mapping', async (t) => {
  t.throws(() => readBudget('', 'b.yaml'), /no limit/);
  t.throws(() => readBudget('- 512\n', 'b.yaml'), /mapping/);
  t.throws(() => readBudget('peak: [1', 'b.yaml'), /Cannot use budget b.yaml/);
});

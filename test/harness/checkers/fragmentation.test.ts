// A heap that is mostly free after a collection is told, a dense one passes, what was not measured
// is inconclusive; the formulas give the shares that they say.

import { test } from 'tap';
import { fragmentationChecker } from '../../../harness/checkers/fragmentation.ts';
import { fragmentation, type MetricName } from '../../../harness/series/metrics.ts';
import { buildRecord } from '../../fixtures/record.ts';

const MiB = 1024 ** 2;

type Values = Readonly<Partial<Record<MetricName, number>>>;

const record = (values: Values) =>
  buildRecord(
    {},
    {
      levels: [1, 2, 3].map((cycle) => ({
        phase: 'stress',
        cycle,
        requests: 100,
        totalRequests: 100 * cycle,
        timeMs: 1000 * cycle,
        values,
      })),
    },
  );

test('a heap of which a third is free fails, one of which a tenth is free passes', async (t) => {
  const check = fragmentationChecker();
  const sparse = record({ tenuredBytes: 40 * MiB, tenuredCommittedBytes: 60 * MiB });
  const dense = record({ tenuredBytes: 54 * MiB, tenuredCommittedBytes: 60 * MiB });
  t.equal(check.check(sparse).outcome, 'fail');
  t.match(
    check.check(sparse).reason,
    /In stress 33\.3 % of the committed heap \(20\.0 MiB\) is free/,
  );
  t.equal(check.check(dense).outcome, 'pass');
  const told = fragmentationChecker({ isAdvisory: true }).check(sparse);
  t.equal(told.outcome, 'pass');
  t.equal(told.warnings.length, 1);
});

test('a few half-empty pages of a small heap are no fragmentation', async (t) => {
  const small = record({ tenuredBytes: 6 * MiB, tenuredCommittedBytes: 9 * MiB });
  t.equal(fragmentationChecker().check(small).outcome, 'pass');
});

test("CPython's arenas are judged by the same formula", async (t) => {
  const sparse = record({ heapBytes: 40 * MiB, arenaBytes: 60 * MiB });
  t.equal(fragmentationChecker().check(sparse).outcome, 'fail');
});

test('native memory that grew by a fifth of the process fails, what was there from the start passes', async (t) => {
  const dense = { tenuredBytes: 54 * MiB, tenuredCommittedBytes: 60 * MiB };
  const grown = (before: number, now: number) => {
    const { levels, ...rest } = record({ ...dense, nativeBytes: now * MiB, anonBytes: 160 * MiB });
    const start = levels.slice(0, 1).map((level) => ({
      ...level,
      phase: 'warm-up',
      values: { ...dense, nativeBytes: before * MiB, anonBytes: 100 * MiB },
    }));
    return fragmentationChecker().check({ ...rest, levels: [...start, ...levels] });
  };
  t.match(grown(20, 78), { outcome: 'fail', reason: /grew by 58\.0 MiB until stress, 36\.3 %/ });
  t.equal(grown(78, 78).outcome, 'pass');
  t.equal(grown(20, 35).outcome, 'pass', 'what an allocator keeps of the first large work');
});

test('without the committed side nothing is judged', async (t) => {
  const unknown = record({ heapBytes: 40 * MiB });
  t.equal(fragmentationChecker().check(unknown).outcome, 'inconclusive');
  t.same(fragmentation({ nativeBytes: 20, anonBytes: 80 }), { heapShare: null, nativeShare: 0.25 });
});

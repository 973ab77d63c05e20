// A run held to its budget: kept, exceeded, not told apart, not measured.

import { test } from 'tap';
import type { Limits } from '../../../harness/budget.ts';
import { judgeBudget } from '../../../harness/checkers/budget.ts';
import { compose } from '../../../harness/checkers/compose.ts';
import { leakChecker } from '../../../harness/checkers/leak.ts';
import type { Verdict } from '../../../harness/verdict.ts';
import { buildHeader, buildRecord, type RecordShape } from '../../fixtures/record.ts';

const none: Limits = {
  bytesPerRequest: null,
  peakBytes: null,
  recoveryMs: null,
  residualBytes: null,
};

function judged(limits: Partial<Limits>, shape: RecordShape = {}) {
  const header = buildHeader({ limits: { ...none, ...limits } });
  const record = buildRecord(shape, { header });
  const verdict = compose(record, [leakChecker({ phase: 'baseline' })]);
  return { verdict, check: verdict.checks.find(({ checker }) => checker === 'budget') };
}

test('a gateway within its bytes per request passes, one above fails with both figures', async (t) => {
  t.equal(judged({ bytesPerRequest: 512 }).check?.outcome, 'pass');
  const { check, verdict } = judged({ bytesPerRequest: 512 }, { heapBytesPerRequest: 1024 });
  t.match(check, { outcome: 'fail', reason: /512 B per request is exceeded: 10\d\d B \[/ });
  t.equal(verdict.outcome, 'fail');
});

test('a leak within its budget still fails: a budget is a further condition', async (t) => {
  const { check, verdict } = judged({ bytesPerRequest: 4096 }, { heapBytesPerRequest: 1024 });
  t.equal(check?.outcome, 'pass');
  t.equal(verdict.outcome, 'fail');
});

test('a limit inside the interval is inconclusive', async (t) => {
  const { verdict } = judged({ bytesPerRequest: 1024 }, { heapBytesPerRequest: 1024 });
  t.equal(verdict.checks.at(-1)?.outcome, 'inconclusive');
});

test('the peak is that of resident memory', async (t) => {
  t.equal(judged({ peakBytes: 1024 ** 3 }).check?.outcome, 'pass');
  t.match(judged({ peakBytes: 1024 ** 2 }).check, { outcome: 'fail', reason: /at the peak is/ });
});

test('a peak between two samples is known to the kernel', async (t) => {
  const level = { phase: 'stress', cycle: 0, requests: 1, totalRequests: 1, timeMs: 1 };
  const header = buildHeader({ limits: { ...none, peakBytes: 1024 ** 3 } });
  const checksOf = (peakRssBytes: number) =>
    compose(buildRecord({}, { header, levels: [{ ...level, values: { peakRssBytes } }] }), [])
      .checks;
  t.match(checksOf(1024 ** 3), [{ outcome: 'pass' }]);
  t.match(checksOf(2 * 1024 ** 3), [{ outcome: 'fail', reason: /it was 2050 MiB/ }]);
});

test('what is left of memory that never came back is held to its limit and told', async (t) => {
  const samples = Array.from({ length: 41 }, (_, second) => ({
    metric: 'anonBytes' as const,
    timeMs: second * 1000,
    value: (second < 14 ? 100 : 200) * 1024 ** 2,
  }));
  const judgedAt = (residualBytes: number) =>
    judgeBudget(
      buildRecord({}, { samples }),
      { retainedBytesPerRequest: null, recovery: null },
      { ...none, residualBytes },
    );
  t.equal(judgedAt(101 * 1024 ** 2).outcome, 'pass');
  t.match(judgedAt(4096), { outcome: 'fail', reason: /100 MiB were left/ });
});

test('recovery is held to its time; memory that never came back exceeds any', async (t) => {
  const outcomeOf = (recovery: Verdict['recovery']) =>
    judgeBudget(
      buildRecord(),
      { retainedBytesPerRequest: null, recovery },
      { ...none, recoveryMs: 10_000, residualBytes: 4096 },
    ).outcome;
  t.equal(outcomeOf({ seconds: 9, residualBytes: 4000 }), 'pass');
  t.equal(outcomeOf({ seconds: 11, residualBytes: 4000 }), 'fail');
  t.equal(outcomeOf({ seconds: 9, residualBytes: 5000 }), 'fail');
  t.equal(outcomeOf(null), 'fail');
});

test('what was not measured is inconclusive, and without a budget there is no check', async (t) => {
  const header = buildHeader({ limits: { ...none, bytesPerRequest: 512, peakBytes: 1 } });
  const record = buildRecord({}, { header, levels: [], samples: [] });
  t.match(compose(record, []).checks.at(-1), { checker: 'budget', outcome: 'inconclusive' });
  t.same(compose(buildRecord(), []).checks, []);
});

test('recovery that nobody could read is inconclusive, not exceeded', async (t) => {
  const limits = { ...none, recoveryMs: 10_000, residualBytes: 4096 };
  const measured = { retainedBytesPerRequest: null, recovery: null };
  t.equal(judgeBudget(buildRecord({}, { samples: [] }), measured, limits).outcome, 'inconclusive');
});

// Counts that stay after the work fail with what is left per request; a few more, and fewer, pass.

import { test } from 'tap';
import { backToBaseChecker } from '../../../harness/checkers/back-to-base.ts';
import type { MetricName } from '../../../harness/series/metrics.ts';
import { buildRecord } from '../../fixtures/record.ts';

type Values = Readonly<Partial<Record<MetricName, number>>>;

const requests = buildRecord().requests.map((row) => ({ ...row, phase: 'stress' }));
const work = requests.length;

function record(before: Values, after: Values) {
  const level = (phase: string, values: Values) => ({
    phase,
    cycle: 1,
    requests: 0,
    totalRequests: 0,
    timeMs: 0,
    values,
  });
  return buildRecord({}, { requests, levels: [level('before', before), level('after', after)] });
}

const check = backToBaseChecker({
  metrics: ['promiseCount', 'taskCount'],
  beforePhase: 'before',
  afterPhase: 'after',
});

test('one promise left of each request fails and is told', async (t) => {
  const { outcome, reason, evidence } = check.check(
    record({ promiseCount: 40, taskCount: 3 }, { promiseCount: 40 + work, taskCount: 3 }),
  );
  t.equal(outcome, 'fail');
  t.match(reason, new RegExp(`promiseCount 40 → ${40 + work}; \\d+ more are tolerated`));
  t.notMatch(reason, /taskCount/, 'names only what is left');
  t.same(
    evidence.find(({ label }) => label === 'promiseCount left'),
    { label: 'promiseCount left', value: 1, unit: 'per request' },
  );
});

test('a few more in a pool, and fewer than before, pass', async (t) => {
  t.equal(check.check(record({ promiseCount: 40 }, { promiseCount: 50 })).outcome, 'pass');
  t.equal(check.check(record({ promiseCount: 400 }, { promiseCount: 5 })).outcome, 'pass');
});

test('what was not counted on both sides is inconclusive', async (t) => {
  t.equal(check.check(record({ promiseCount: 40 }, {})).outcome, 'inconclusive');
  t.equal(check.check(buildRecord()).outcome, 'inconclusive');
});

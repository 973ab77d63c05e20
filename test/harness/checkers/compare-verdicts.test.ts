// The comparison of two runs: what is a regression, what is none, and what cannot be told.

import { test } from 'tap';
import { compareVerdicts, defaultMargins } from '../../../harness/checkers/compare-verdicts.ts';
import type { RatePerRequest } from '../../../harness/verdict.ts';
import { buildFinding, buildVerdict } from '../../fixtures/record.ts';

const rate = (estimate: number, halfWidth: number): RatePerRequest => ({
  estimate,
  low: estimate - halfWidth,
  high: estimate + halfWidth,
  confidence: 0.99,
});
const keeping = (perRequest: RatePerRequest | null) =>
  buildVerdict({ resources: [buildFinding({ metric: 'heapBytes', perRequest })] });
const compared = (base: RatePerRequest | null, run: RatePerRequest | null) =>
  compareVerdicts(keeping(base), keeping(run), defaultMargins);

test('two KiB more per request are a regression, and told with their interval', async (t) => {
  const { outcome, resources, reason } = compared(rate(100, 90), rate(2150, 90));
  t.equal(outcome, 'fail');
  t.match(reason, 'heapBytes');
  t.match(resources[0], { result: 'regression', margin: 512 });
  t.ok((resources[0]?.difference?.low ?? 0) > 1900);
});

test('the same slope is none, and neither is a smaller one', async (t) => {
  t.equal(compared(rate(100, 90), rate(120, 90)).outcome, 'pass');
  t.equal(compared(rate(2150, 90), rate(100, 90)).outcome, 'pass');
});

test('memory of the start that the base gave back is not held against the run', async (t) => {
  const givingBack = { estimate: -1100, low: -3600, high: 480, confidence: 0.99 };
  t.equal(compared(givingBack, rate(0, 90)).outcome, 'pass');
  t.equal(compared(givingBack, rate(2050, 90)).outcome, 'fail');
});

test('an interval across the margin cannot be told, whatever its middle', async (t) => {
  t.equal(compared(rate(0, 500), rate(300, 500)).outcome, 'inconclusive');
  t.equal(compared(rate(0, 500), rate(900, 500)).outcome, 'inconclusive');
});

test('a resource without a slope in one run cannot be told', async (t) => {
  t.equal(compared(rate(0, 10), null).outcome, 'inconclusive');
});

test('a socket kept in ten requests is a regression that no memory shows', async (t) => {
  const withSockets = (estimate: number) =>
    buildVerdict({
      resources: [
        buildFinding({ metric: 'heapBytes', perRequest: rate(0, 10) }),
        buildFinding({ metric: 'socketCount', perRequest: rate(estimate, 0.002) }),
      ],
    });
  const { outcome, reason } = compareVerdicts(withSockets(0), withSockets(0.1), defaultMargins);
  t.equal(outcome, 'fail');
  t.notMatch(reason, 'heapBytes');
});

test('resident memory is held against a run only where nothing better was measured', async (t) => {
  const noise = buildFinding({ metric: 'anonBytes', perRequest: rate(9000, 100) });
  const calm = buildFinding({ metric: 'anonBytes', perRequest: rate(0, 100) });
  const heap = buildFinding({ metric: 'heapBytes', perRequest: rate(0, 10) });
  const outcomeOf = (base: (typeof noise)[], run: (typeof noise)[]) =>
    compareVerdicts(
      buildVerdict({ resources: base }),
      buildVerdict({ resources: run }),
      defaultMargins,
    ).outcome;
  t.equal(outcomeOf([heap, calm], [heap, noise]), 'pass');
  t.equal(outcomeOf([calm], [noise]), 'fail');
});

test('what only the base measured cannot be told; what only the run measured is', async (t) => {
  const heap = buildFinding({ metric: 'heapBytes', perRequest: rate(0, 10) });
  const sockets = buildFinding({ metric: 'socketCount', perRequest: rate(0, 0.001) });
  const of = (base: (typeof heap)[], run: (typeof heap)[]) =>
    compareVerdicts(
      buildVerdict({ resources: base }),
      buildVerdict({ resources: run }),
      defaultMargins,
    );
  t.match(of([heap, sockets], [heap]), { outcome: 'inconclusive', reason: /socketCount/ });
  t.match(of([heap], [heap, sockets]), {
    outcome: 'pass',
    reason: /The base did not measure socketCount/,
    resources: [{ result: 'equivalent' }, { metric: 'socketCount', base: null, result: 'new' }],
  });
});

test('a run that was cut short acquits nobody, and still convicts', async (t) => {
  const [check] = buildVerdict().checks;
  if (check === undefined) throw new Error('a verdict without checks');
  const reason = 'The run was cut short: Ctrl-C.';
  const cut = { ...check, checker: 'run', outcome: 'inconclusive' as const, reason };
  const of = (perRequest: RatePerRequest) => ({ ...keeping(perRequest), checks: [cut] });
  const same = compareVerdicts(keeping(rate(0, 9)), of(rate(0, 9)), defaultMargins);
  t.match(same, { outcome: 'inconclusive', reason: /Of the run: The run was cut short: Ctrl-C/ });
  t.equal(
    compareVerdicts(of(rate(0, 9)), keeping(rate(0, 9)), defaultMargins).outcome,
    'inconclusive',
  );
  t.equal(compareVerdicts(keeping(rate(0, 9)), of(rate(4096, 9)), defaultMargins).outcome, 'fail');
});

test('two scenarios do not compare', async (t) => {
  const other = buildVerdict({ scenario: 'endurance' });
  t.throws(() => compareVerdicts(other, buildVerdict(), defaultMargins), /two scenarios/);
});

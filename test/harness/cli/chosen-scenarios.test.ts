// Faults of the command line in the phases of scenarios: who is hit, and where.

import { test } from 'tap';
import { chosenScenarios } from '../../../harness/cli/chosen-scenarios.ts';
import type { CyclesPhase } from '../../../harness/scenario.ts';
import { seededRng } from '../../../injectors/determinism.ts';

const streaming = (...faults: string[]) => {
  const [scenario] = chosenScenarios(['streaming-connections'], faults);
  const phases = scenario?.phases('smoke') ?? [];
  const named = (name: string) => phases.find((phase) => phase.name === name) as CyclesPhase;
  return { warmUp: named('warm-up'), baseline: named('baseline'), stress: named('stress') };
};

/** Names of the client faults of the first request of each arm. */
const clientFaults = ({ arms }: CyclesPhase) =>
  arms.map((arm) => (arm.make(seededRng(1), 0).faults ?? []).map(({ name }) => name));

test('a fault of the providers is in force in the warm-up and under stress', (t) => {
  const { warmUp, baseline, stress } = streaming('truncate;at=50%');
  for (const phase of [warmUp, stress]) t.match(phase.faults, [{ fault: 'truncate' }]);
  t.notOk(baseline.faults?.length);
  t.end();
});

test('a fault of clients goes with every request, after what the arm has it do', (t) => {
  const { baseline, stress } = streaming('slow-reader;pause=1ms');
  const each = ['slow-reader'];
  const left = ['abort', 'slow-reader'];
  t.same(clientFaults(stress), [each, each, left, left]);
  t.same(clientFaults(baseline), [[], []], 'not in the baseline');
  t.same(
    stress.arms.map(({ clientFault }) => clientFault),
    [
      'slow-reader;pause=1ms',
      'slow-reader;pause=1ms',
      'abort;at=3 slow-reader;pause=1ms',
      'abort;at=3 slow-reader;pause=1ms',
    ],
  );
  t.end();
});

test('a fault around the gateway is not in the warm-up', (t) => {
  const { warmUp, stress } = streaming('billing-stall');
  t.notOk(warmUp.faults?.length);
  t.match(stress.faults, [{ fault: 'billing-stall' }]);
  t.end();
});

test('what cannot be is refused with every reason', (t) => {
  t.throws(() => streaming('nope', 'slow-reader;pause=x'), /"nope"[\s\S]*pause=x/);
  t.throws(() => chosenScenarios(['nope'], []), /Cannot run scenario "nope"/);
  t.end();
});

// Counting and chance of a plan: nth, times, toxicity, match.

import { test } from 'tap';
import { seededRng } from '../../injectors/determinism.ts';
import type { FaultPlan } from '../../injectors/plan.ts';
import { createPlanInForce } from '../../mocks/plan-in-force.ts';

const call = { operation: 'Converse', model: 'm', prompt: '', inputTokens: 1 };

/** Which of `count` requests each fault of the plan hit, counted from 1. */
function hits(plan: FaultPlan, count: number, seed = 1): number[] {
  const inForce = createPlanInForce();
  const problems = inForce.set(plan);
  if (problems.length > 0) throw new Error(problems.join(' '));
  const root = seededRng(seed);
  return Array.from({ length: count }, (_, index) => index + 1).filter(
    (index) => inForce.faultsFor(call, 'bedrock', root.fork(`request:${index}`)).length > 0,
  );
}

test('nth hits every nth matching request, times that many and no more', async (t) => {
  t.same(hits({ faults: [{ fault: 'reset', match: { nth: 3 } }] }, 10), [3, 6, 9]);
  t.same(hits({ faults: [{ fault: 'reset', times: 2 }] }, 10), [1, 2]);
  t.same(hits({ faults: [{ fault: 'reset', match: { nth: 3 }, times: 2 }] }, 20), [3, 6]);
});

test('toxicity hits its share, and the same requests for the same seed', async (t) => {
  const plan = { faults: [{ fault: 'reset', toxicity: 0.25 }] };
  const count = hits(plan, 4000).length;
  // Four standard deviations of a binomial of 4000 and 0.25 are 110.
  t.ok(Math.abs(count - 1000) < 110, String(count));
  t.same(hits(plan, 100), hits(plan, 100));
  t.notSame(hits(plan, 100, 2), hits(plan, 100));
  t.equal(hits({ faults: [{ fault: 'reset', toxicity: 0 }] }, 100).length, 0);
});

test('a plan with a seed of its own does not ask the seed of the server', async (t) => {
  const plan = { seed: 9, faults: [{ fault: 'reset', toxicity: 0.5 }] };
  t.same(hits(plan, 100, 2), hits(plan, 100, 1));
  t.notSame(hits({ ...plan, seed: 10 }, 100), hits(plan, 100));
});

test('a fault concerns what it names, and counts nothing else', async (t) => {
  const inForce = createPlanInForce();
  const match = { provider: 'bedrock', operation: 'Converse', model: 'm', nth: 2 };
  inForce.set({ faults: [{ fault: 'reset', match }] });
  const ask = (other: Partial<typeof call>, provider = 'bedrock') =>
    inForce.faultsFor({ ...call, ...other }, provider, seededRng(1)).length;
  t.equal(ask({}), 0);
  t.equal(ask({ model: 'x' }) + ask({ operation: 'InvokeModel' }) + ask({}, 'vertex'), 0);
  t.equal(ask({}), 1, 'the second that matched');
});

test('setting a plan starts its counters again; a bad one leaves them', async (t) => {
  const inForce = createPlanInForce();
  const plan = { faults: [{ fault: 'reset', times: 1 }] };
  const ask = () => inForce.faultsFor(call, 'bedrock', seededRng(1)).length;
  inForce.set(plan);
  t.same([ask(), ask()], [1, 0]);
  t.ok(inForce.set({ faults: [{ fault: 'nope' }] }).length > 0);
  t.equal(ask(), 0);
  inForce.set(plan);
  t.equal(ask(), 1);
});

test('a fault that has no hold on an answer is refused', async (t) => {
  const problems = createPlanInForce().set({ faults: [{ fault: 'billing-stall' }] });
  t.match(problems, [/Cannot use fault "billing-stall" on an answer: its family is ambient/]);
});

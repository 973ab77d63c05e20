// Counting and chance of a plan: nth, times, toxicity, match.

import { test } from 'tap';
import { seededRng } from '../../injectors/determinism.ts';
import type { FaultPlan } from '../../injectors/plan.ts';
import { createPlanInForce } from '../../mocks/plan-in-force.ts';
import { createFakeClock } from '../fixtures/fake-clock.ts';

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
  t.match(problems, [
    /Cannot use fault "billing-stall" at faults\[0\] on an answer: its family is ambient/,
  ]);
});

test('probability comes before nth: of those that are drawn, every nth is hit', async (t) => {
  const drawn = hits({ faults: [{ fault: 'reset', match: { probability: 0.5 } }] }, 200);
  t.ok(drawn.length > 60 && drawn.length < 140, String(drawn.length));
  const match = { probability: 0.5, nth: 2 };
  t.same(
    hits({ faults: [{ fault: 'reset', match }] }, 200),
    drawn.filter((_, index) => index % 2 === 1),
  );
});

test('a model is matched by pattern', async (t) => {
  const inForce = createPlanInForce();
  inForce.set({ faults: [{ fault: 'reset', match: { model: 'us.*claude*' } }] });
  const ask = (model: string) =>
    inForce.faultsFor({ ...call, model }, 'bedrock', seededRng(1)).length;
  t.same(['us.anthropic.claude-3', 'anthropic.claude-3', 'us.nova'].map(ask), [1, 0, 0]);
});

test('a window opens and closes by the clock, and leaves no timer', async (t) => {
  const clock = createFakeClock();
  const inForce = createPlanInForce(clock);
  inForce.set({ faults: [{ fault: 'reset', when: { from: '1s', until: '2s', every: '10s' } }] });
  const ask = () => inForce.faultsFor(call, 'bedrock', seededRng(1)).length;
  const seen = [0, 1000, 999, 1, 9000, 1000].map((byMs) => {
    clock.jump(byMs);
    return ask();
  });
  t.same(seen, [0, 1, 1, 0, 1, 0]);
  t.equal(clock.pending, 0);
});

test('a fault with a time to live is gone after it, and the others go on', async (t) => {
  const clock = createFakeClock();
  const inForce = createPlanInForce(clock);
  inForce.set({ faults: [{ fault: 'noop', match: { nth: 2 } }] });
  const ask = () => inForce.faultsFor(call, 'bedrock', seededRng(1)).map(({ bound }) => bound.name);
  t.same(ask(), []);
  t.same(inForce.add({ fault: 'reset', ttl: '5s' }), []);
  t.same(ask(), ['noop', 'reset'], 'the first one’s count went on');
  clock.jump(4999);
  t.same(ask(), ['reset']);
  clock.jump(1);
  t.same(ask(), ['noop']);
  t.same(
    inForce.current().faults.map(({ fault }) => fault),
    ['noop'],
  );
  t.equal(clock.pending, 0);
});

test('what is wrong with an added fault has its own path, or that of its place', async (t) => {
  const inForce = createPlanInForce();
  inForce.set({ faults: [{ fault: 'reset' }] });
  t.match(inForce.add({ fault: 'stall', times: 0 }), [/faults\[0\]\.times 0/]);
  t.match(inForce.add({ fault: 'stall' }), [/fault "stall" at faults\[1\] after "reset"/]);
  t.same(
    inForce.current().faults.map(({ fault }) => fault),
    ['reset'],
  );
});

test('a fault of a phase acts while that phase is on', async (t) => {
  const inForce = createPlanInForce();
  const ask = () => inForce.faultsFor(call, 'bedrock', seededRng(1)).length;
  inForce.set({ phase: 'warm-up', faults: [{ fault: 'reset', when: { phase: 'stress' } }] });
  t.equal(ask(), 0);
  inForce.enterPhase('stress');
  t.equal(ask(), 1);
  inForce.enterPhase('recovery');
  t.equal(ask(), 0);
  inForce.clear();
  inForce.set({ faults: [{ fault: 'reset', when: { phase: 'recovery' } }] });
  t.equal(ask(), 1, 'a new plan that names none finds the phase that is on');
});

test('what no provider of the match has is refused, with what was meant', async (t) => {
  const match = (fault: string, wanted: object) =>
    createPlanInForce().set({ faults: [{ fault: 'noop' }, { fault, match: wanted }] });
  t.match(match('reset', { provider: 'bedrok' }), [
    /faults\[1\]\.match\.provider "bedrok": there is none\. Did you mean "bedrock"\?/,
  ]);
  t.match(match('reset', { provider: 'vertex', operation: 'Convers' }), [
    /faults\[1\]\.match\.operation "Convers": there is none\. Known: /,
  ]);
  t.match(match('reset', { operation: 'Convers' }), [/Did you mean "Converse"\?/]);
  t.same(match('reset', { provider: 'vertex', operation: 'LiveTurn' }), []);
});

test('a fault that no answer of the matched provider can have is refused', async (t) => {
  const set = (fault: object) => createPlanInForce().set({ faults: [fault] });
  const bedrock = { provider: 'bedrock' };
  t.match(set({ fault: 'sse-comment', match: bedrock }), [
    /fault "sse-comment" at faults\[0\] on bedrock: this answer is an AWS event stream, which has no/,
  ]);
  t.match(set({ fault: 'grpc-status', match: bedrock }), [
    /"grpc-status" at faults\[0\] on bedrock: /,
  ]);
  for (const fault of ['sse-comment', 'grpc-status', 'array-never-closed']) {
    t.same(set({ fault, match: { provider: 'vertex' } }), []);
    t.same(set({ fault }), [], 'some provider has it');
  }
});

test('a fault that counts is asked of the requests that are due, and of no other', async (t) => {
  const clock = createFakeClock();
  const inForce = createPlanInForce(clock);
  const options = { count: 1, window: '1s' };
  inForce.set({ faults: [{ fault: 'quota', options, match: { provider: 'bedrock', nth: 2 } }] });
  const ask = (provider: string) => inForce.faultsFor(call, provider, seededRng(1)).length;
  const row = ['bedrock', 'vertex', 'bedrock', 'bedrock', 'bedrock'].map(ask);
  t.same(row, [0, 0, 0, 0, 1], 'the second due one is over the quota');
  clock.jump(1000);
  t.same(['bedrock', 'bedrock'].map(ask), [0, 0], 'the next window has its own');
});

test('a fault that is switched off is no part of the plan, and goes on where it was', async (t) => {
  const plan = createPlanInForce();
  plan.set({ faults: [{ fault: 'slow' }, { fault: 'reset', times: 2 }] });
  const [slow, reset] = plan.faults();
  const ask = () => plan.faultsFor(call, 'bedrock', seededRng(1)).map(({ fault }) => fault.fault);
  t.same(ask(), ['slow', 'reset']);
  t.same(plan.turn(reset?.id ?? 0, false), []);
  t.same(ask(), ['slow']);
  t.same(plan.current().faults, [{ fault: 'slow', options: {} }]);
  t.match(plan.faults()[1], { isOn: false, hit: 1 });
  plan.turn(reset?.id ?? 0, true);
  t.same([ask(), ask()], [['slow', 'reset'], ['slow']], 'once is left of its two times');
  t.equal(plan.remove(slow?.id ?? 0), true);
  t.same(ask(), []);
  t.equal(plan.turn(999, true), undefined);
  t.equal(plan.remove(999), false);
});

test('another fault takes the place of one under its id, and counts anew', async (t) => {
  const plan = createPlanInForce();
  plan.set({ faults: [{ fault: 'slow', options: { gap: '5ms' } }] });
  plan.faultsFor(call, 'bedrock', seededRng(1));
  const id = plan.faults()[0]?.id ?? 0;
  t.same(plan.replace(id, { fault: 'slow', options: { gap: '9ms' } }), []);
  t.match(plan.faults(), [{ id, hit: 0, explain: /9 ms/ }]);
  t.match(plan.replace(id, { fault: 'slow', options: { gap: 'soon' } }), [/faults\[0\]/]);
  t.match(plan.current().faults, [{ options: { gap: '9ms' } }], 'a bad one changes nothing');
});

test('a fault that could not act after another is not switched on', async (t) => {
  const plan = createPlanInForce();
  plan.set({ faults: [{ fault: 'reset' }] });
  const id = plan.faults()[0]?.id ?? 0;
  plan.turn(id, false);
  t.same(plan.add({ fault: 'slow' }), [], 'while the first is off it does not count');
  t.match(plan.turn(id, true), [/after "reset", which ends the stream/]);
  t.equal(plan.faults()[0]?.isOn, false);
});

// Plans from outside: what is taken, and that every problem is named at once.

import { test } from 'tap';
import { injectors } from '../../injectors/index.ts';
import { parseFaultWords } from '../../injectors/plan.ts';
import { bindFaults, checkPlan, findInjector } from '../../injectors/registry.ts';

test('the example of every injector can be used, and says what it does', async (t) => {
  t.equal(new Set(injectors.map(({ name }) => name)).size, injectors.length);
  for (const { name, example } of injectors) {
    const { planned, problems } = bindFaults([parseFaultWords(example)]);
    t.same(problems, [], name);
    t.equal(planned[0]?.bound.name, name);
    t.match(planned[0]?.bound.explain(), /\w+ \w+/);
    t.equal(findInjector(name)?.name, name);
  }
});

test('a plan with everything in it is taken as it is', async (t) => {
  const plan = {
    seed: 4,
    faults: [
      {
        fault: 'truncate',
        options: { at: '50%' },
        match: { provider: 'bedrock', operation: 'Converse', model: 'm', nth: 2 },
        toxicity: 0.5,
        times: 3,
      },
      { fault: 'reset', options: {} },
    ],
  };
  const checked = checkPlan(JSON.parse(JSON.stringify(plan)));
  t.same(checked.problems, []);
  t.same(checked.plan, plan);
});

test('a plan that is no plan is refused in one sentence', async (t) => {
  for (const input of [null, 3, 'x', [], {}, { faults: {} }]) {
    t.same(checkPlan(input).problems, [
      'Cannot read the plan: it must be an object like {"faults": [...]}.',
    ]);
  }
});

test('every problem of a plan is listed at once', async (t) => {
  const { problems } = checkPlan({
    seed: 1.5,
    extra: 1,
    faults: [
      'truncate',
      { fault: 'nope' },
      { fault: 'truncate', options: { at: 'x', end: 'y' }, times: 0 },
      { fault: 'stall', options: { at: null }, match: { nth: 1.5, modell: 'm', model: 3 } },
      { fault: 'reset', toxicity: 2, times: 1.5, options: 3, match: 4 },
    ],
  });
  const wanted = [
    /"extra" in the plan/,
    /"seed" must be a whole number/,
    /faults\[0\]: it must be an object/,
    /faults\[2\]\.times: it must be a whole number from 1/,
    /faults\[3\]\.options\.at: it must be a plain value/,
    /"modell" in faults\[3\]\.match/,
    /faults\[3\]\.match\.model: it must be text/,
    /faults\[3\]\.match\.nth: it must be a whole number from 1/,
    /faults\[4\]\.options: it must be an object/,
    /faults\[4\]\.match: it must be an object/,
    /faults\[4\]\.toxicity: it must be a number from 0 to 1/,
    /faults\[4\]\.times: it must be a whole number from 1/,
    /fault "nope": there is none/,
    /fault truncate at=x/,
    /fault truncate end=y/,
  ];
  for (const pattern of wanted)
    t.ok(
      problems.some((text) => pattern.test(text)),
      String(pattern),
    );
});

test('a fault cannot follow one that ends the same stream', async (t) => {
  const faults = [{ fault: 'reset' }, { fault: 'stall' }];
  t.match(bindFaults(faults).problems, [/Cannot use fault "stall" after "reset"/]);
  t.same(bindFaults([...faults].reverse()).problems, []);
  const apart = faults.map((fault, index) => ({ ...fault, match: { nth: index + 1 } }));
  t.same(bindFaults(apart).problems, []);
});

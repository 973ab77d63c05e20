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
    phase: 'warm-up',
    faults: [
      {
        fault: 'truncate',
        options: { at: '50%' },
        match: { provider: 'bedrock', operation: 'Converse', model: 'm*', probability: 1, nth: 2 },
        when: { phase: 'stress', from: '5s', until: 8000, every: '1m' },
        toxicity: 0.5,
        times: 3,
        ttl: '10m',
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
      { fault: 'truncat', when: { from: 'soon', untill: '1s', phase: 1 }, ttl: true },
      { fault: 'truncate', options: { ad: 3 }, match: { probability: '1' } },
    ],
  });
  const wanted = [
    /Cannot use extra: there is no such field\. Known: seed, phase, faults\./,
    /Cannot read seed 1\.5: it must be a whole number\./,
    /faults\[0\]: it must be an object/,
    /fault "nope" at faults\[1\]\.fault: there is none\. Known: /,
    /faults\[2\]\.options\.at=x: it must be/,
    /faults\[2\]\.options\.end=y: it must be one of clean, cut/,
    /faults\[2\]\.times 0: it must be a whole number from 1/,
    /faults\[3\]\.options\.at null: it must be a plain value/,
    /faults\[3\]\.match\.modell: there is no such field\. Did you mean "model"\?/,
    /faults\[3\]\.match\.model 3: it must be text/,
    /faults\[3\]\.match\.nth 1\.5: it must be a whole number from 1/,
    /faults\[4\]\.options 3: it must be an object/,
    /faults\[4\]\.match 4: it must be an object/,
    /faults\[4\]\.toxicity 2: it must be a number from 0 to 1/,
    /faults\[4\]\.times 1\.5: it must be a whole number from 1/,
    /fault "truncat" at faults\[5\]\.fault: there is none\. Did you mean "truncate"\?/,
    /faults\[5\]\.when\.from "soon": it must be a duration/,
    /faults\[5\]\.when\.untill: there is no such field\. Did you mean "until"\?/,
    /faults\[5\]\.when\.phase 1: it must be text/,
    /faults\[5\]\.ttl true: it must be a duration/,
    /option "ad" of fault truncate at faults\[6\]\.options\.ad: there is none\. Did you mean "at"\?/,
    /faults\[6\]\.match\.probability "1": it must be a number from 0 to 1/,
  ];
  t.equal(problems.length, wanted.length);
  for (const pattern of wanted)
    t.ok(
      problems.some((text) => pattern.test(text)),
      String(pattern),
    );
});

test('a fault cannot follow one that ends every stream it could be in', async (t) => {
  const faults = [{ fault: 'reset' }, { fault: 'stall' }];
  t.match(bindFaults(faults).problems, [/Cannot use fault "stall" after "reset"/]);
  t.same(bindFaults([...faults].reverse()).problems, []);
  const narrower = [{ fault: 'reset' }, { fault: 'stall', match: { provider: 'vertex' } }];
  t.match(checkPlan({ faults: narrower }).problems, [/fault "stall" at faults\[1\] after "reset"/]);
});

test('a fault can follow one that ends only some of its streams', async (t) => {
  const last = { fault: 'stall' };
  const firsts = [
    { match: { nth: 2 } },
    { match: { probability: 0.5 } },
    { match: { provider: 'bedrock' } },
    { toxicity: 0.5 },
    { times: 1 },
    { ttl: '1s' },
    { when: { until: '1s' } },
  ];
  for (const first of firsts) {
    const faults = [{ fault: 'reset', ...first }, last];
    t.same(checkPlan({ faults }).problems, [], JSON.stringify(first));
  }
});

test('a plan holds so many faults and no more', async (t) => {
  const faults = Array.from({ length: 1001 }, () => ({ fault: 'noop' }));
  t.match(checkPlan({ faults }).problems, [/it must be a list of at most 1000 faults/]);
  t.same(checkPlan({ faults: faults.slice(1) }).problems, []);
});

test('a flood of fields is told in one sentence, wherever it is', async (t) => {
  const flood = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`at${index}`, 1]));
  const one = (fault: object) => checkPlan({ faults: [{ fault: 'truncate', ...fault }] }).problems;
  t.match(one(flood), [/^Cannot read faults\[0\]: it has 50001 fields, over 100\.$/]);
  t.match(one({ match: flood }), [/^Cannot read faults\[0\]\.match: it has 50000 fields/]);
  t.match(one({ options: flood })[0], /^Cannot read faults\[0\]\.options: it has 50000 fields/);
  t.ok(one({ options: flood }).length <= 101);
  t.match(checkPlan({ faults: [], ...flood }).problems, [/^Cannot read the plan: it has 50001/]);
});

// A scenario's load as a script for Artillery: of every scenario, and such that its steps ask the
// same as the scenario's arms.

import { test } from 'tap';
import { parse } from 'yaml';
import type { ArtilleryScenario } from '../../../harness/artillery/artillery.ts';
import { artilleryScript } from '../../../harness/artillery/script.ts';
import { dataOf } from '../../../harness/artillery/steps.ts';
import type { Arm } from '../../../harness/load/workload.ts';
import { armOfData } from '../../../harness/scenarios/arms.ts';
import { findScenario, scenarios } from '../../../harness/scenarios/index.ts';
import { seededRng } from '../../../injectors/determinism.ts';
import { runUsers } from '../../fixtures/artillery-user.ts';

const options = { scale: 'smoke', seed: 1 } as const;

interface Script {
  readonly config: {
    readonly phases: readonly [Readonly<Record<string, unknown>>];
    readonly engines: { readonly leakbed: Readonly<Record<string, unknown>> };
  };
  readonly scenarios: readonly [ArtilleryScenario];
}

const scriptOf = (id: string, more: object = {}) =>
  parse(artilleryScript(findScenario(id), { ...options, ...more })) as Script;

for (const scenario of scenarios) {
  test(`the steps of ${scenario.id} are steps of the engine`, async (t) => {
    const { scenarios: users, config } = scriptOf(scenario.id);
    // Nobody listens there, so no more is tried than whether the script loads.
    const checked = runUsers({
      target: 'http://127.0.0.1:1',
      flow: users[0].flow,
      engine: config.engines.leakbed,
      userCount: 0,
    });
    await t.resolves(checked);
  });
}

test('a phase of users becomes as many users that loop', async (t) => {
  const { config, scenarios: users } = scriptOf('streaming-connections');
  t.match(config.phases[0], { name: 'stress', arrivalCount: 8 });
  t.match(users[0].flow, [{ count: 900 }]);
});

test('a phase of arrivals becomes as many arrivals in the same time', async (t) => {
  const { config } = scriptOf('gc-behaviour');
  t.match(config.phases[0], { duration: 10, arrivalCount: 4000, maxVusers: 200 });
});

test('another phase is written by its name, an unknown one refused with those there are', async (t) => {
  t.equal(scriptOf('streaming-connections', { phase: 'warm-up' }).config.phases[0].name, 'warm-up');
  const refused = () => scriptOf('streaming-connections', { phase: 'strss' });
  t.throws(refused, { message: /Known: warm-up, baseline, stress\./ });
});

for (const scenario of scenarios) {
  test(`the steps of ${scenario.id} ask what its arms ask`, async (t) => {
    const { flow } = scriptOf(scenario.id).scenarios[0];
    const [first] = flow as readonly Step[];
    const request = first?.loop?.[0] ?? first ?? {};
    const steps = request.mix ?? [request];
    const { name } = scriptOf(scenario.id).config.phases[0];
    const phase = scenario.phases('smoke').find((each) => each.name === name && 'arms' in each);
    const arms = phase !== undefined && 'arms' in phase ? phase.arms : [];
    const asked = (arm: Arm) => JSON.stringify(arm.make(seededRng(1), 1));
    t.ok(arms.length > 0);
    t.strictSame(steps.map(dataOf).map(armOfData).map(asked), arms.map(asked));
    t.strictSame(
      steps.map(({ weight }) => weight),
      arms.map(({ weight }) => weight),
    );
  });
}

interface Step extends Readonly<Record<string, unknown>> {
  readonly loop?: readonly Step[];
  readonly mix?: readonly Step[];
}

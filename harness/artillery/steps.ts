// The steps of a flow, checked when the script is loaded: requests of the kinds that scenarios mix
// (harness/scenarios/arms.ts), a weighted mix of them, a fault plan, and Artillery's own think and
// loop.

import type { Rng } from '../../injectors/determinism.ts';
import { insteadOf } from '../../injectors/nearest.ts';
import { checkPlan } from '../../injectors/registry.ts';
import type { GatewayClient } from '../load/gateway-client.ts';
import { mix } from '../load/workload.ts';
import { controlClient } from '../runner/control-client.ts';
import { type ArmData, armKinds, armOfData } from '../scenarios/arms.ts';
import type { ArtilleryScript, ArtilleryTools, Task, UserContext } from './artillery.ts';
import type { EngineOptions } from './engine-options.ts';
import type { Meter } from './meter.ts';

export interface User {
  readonly rng: Rng;
  requestCount: number;
  readonly client: GatewayClient;
  readonly meter: Meter;
}

export type Step = (user: User) => Task;

export interface StepContext {
  readonly script: ArtilleryScript;
  readonly tools: ArtilleryTools;
  readonly options: EngineOptions;
}

type RawStep = Readonly<Record<string, unknown>>;

const kinds = [...armKinds, 'mix', 'plan', 'think', 'loop'];

/** Throws with what is wrong with the step. */
export function compileStep(raw: object, around: StepContext): Step {
  const step = raw as RawStep;
  const kind = kinds.find((name) => name in step);
  switch (kind) {
    case undefined: {
      const [given = ''] = Object.keys(step);
      throw new Error(`Cannot run step "${given}": there is none. ${insteadOf(given, kinds)}`);
    }
    case 'mix':
      return ask((step.mix as readonly RawStep[]).map(dataOf), around);
    case 'plan':
      return putPlan(step.plan, around);
    case 'think': {
      const think = around.tools.createThink(step, around.script.config.defaults?.think ?? {});
      return () => think;
    }
    case 'loop':
      return loop(step, around);
    default:
      return ask([dataOf(step)], around);
  }
}

/** Runs a task to its end. */
export function settled(task: Task, context: UserContext): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  task(context, (error) => (error ? reject(error) : resolve()));
  return promise;
}

const taskOf =
  (work: (context: UserContext) => Promise<void>): Task =>
  (context, done) => {
    work(context).then(
      () => done(null, context),
      (error: unknown) => done(error, context),
    );
  };

/** `{ stream: { provider: bedrock }, weight: 2, name: plain }`: what an arm is made of. */
export function dataOf(step: RawStep): ArmData {
  const kind = armKinds.find((name) => name in step);
  if (kind === undefined) {
    const [given = ''] = Object.keys(step);
    throw new Error(`Cannot ask for "${given}": ${insteadOf(given, armKinds)}`);
  }
  const { [kind]: about, name, weight = 1 } = step;
  const own: RawStep = { provider: 'bedrock', words: {}, textCount: 1, ...(about ?? {}) };
  const usual = `${own.provider}/${kind}`;
  return { ...own, kind, name: String(name ?? usual), weight: Number(weight) } as ArmData;
}

/** One request of an arm, or of arms by their weights; the user's seed decides which and what. */
function ask(data: readonly ArmData[], { tools }: StepContext): Step {
  const fixed = data.map(armOfData);
  const isTemplate = JSON.stringify(data).includes('{{');
  return (user) => {
    const usual = mix(fixed, user.rng);
    const workload = (context: UserContext) =>
      isTemplate ? mix(tools.template(data, context).map(armOfData), user.rng) : usual;
    return taskOf(async (context) => {
      user.requestCount += 1;
      const { arm, request } = workload(context)(user.requestCount);
      user.meter.asked(arm);
      user.meter.answered(arm, await user.client.send(request));
    });
  };
}

function loop(step: RawStep, around: StepContext): Step {
  const steps = (step.loop as readonly object[]).map((inner) => compileStep(inner, around));
  const { processor = {} } = around.script.config;
  return (user) =>
    around.tools.createLoopWithCount(
      (step.count as number | undefined) ?? -1,
      steps.map((inner) => inner(user)),
      {
        loopValue: step.loopValue ?? '$loopCount',
        overValues: step.over,
        whileTrue: processor[String(step.whileTrue)],
      },
    );
}

/** For the `before` of a script: the fake providers' faults from now on. */
function putPlan(given: unknown, { options }: StepContext): Step {
  const { plan, problems } = checkPlan(given);
  if (problems.length > 0) throw new Error(problems.join(' '));
  const { mocks, seed } = options;
  if (mocks === undefined) {
    throw new Error(
      'Cannot put a plan in force: config.engines.leakbed.mocks says where the ' +
        'fake providers are, http://127.0.0.1:4010 for instance.',
    );
  }
  const control = controlClient(mocks, process.env.LEAKBED_TOKEN);
  return () => taskOf(() => control.setPlan(plan.faults, seed));
}

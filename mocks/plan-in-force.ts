// The fault plan that is in force now, with its counters: how many requests each fault matched
// and how often it was spent. The only state of the mocks that decides an answer.

import { type Rng, seededRng } from '../injectors/determinism.ts';
import type { FaultMatch, FaultPlan, PlannedFault } from '../injectors/plan.ts';
import { type CheckedPlan, checkPlan } from '../injectors/registry.ts';
import type { Call } from './provider.ts';

export interface PlanInForce {
  current(): FaultPlan;
  /** Takes a plan when it has no problems; counters start again. */
  set(input: unknown): readonly string[];
  clear(): void;
  /** The faults that hit this request; counts it, so ask once per request. */
  faultsFor(call: Call, provider: string, rng: Rng): readonly PlannedFault[];
}

export function createPlanInForce(): PlanInForce {
  let checked: CheckedPlan = checkPlan({ faults: [] });
  let counters: { matched: number; hit: number }[] = [];
  const install = (plan: CheckedPlan) => {
    checked = plan;
    counters = plan.faults.map(() => ({ matched: 0, hit: 0 }));
  };
  return {
    current: () => checked.plan,
    set(input) {
      const plan = checkPlan(input);
      const problems = [...plan.problems, ...unfitFaults(plan.faults)];
      if (problems.length === 0) install(plan);
      return problems;
    },
    clear: () => install(checkPlan({ faults: [] })),
    faultsFor: (call, provider, rng) =>
      checked.faults.filter(({ fault }, index) => {
        const counter = counters[index];
        if (counter === undefined || !concerns(fault.match, call, provider)) return false;
        counter.matched += 1;
        const nth = fault.match?.nth ?? 1;
        if (counter.matched % nth !== 0) return false;
        if (counter.hit >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
        const chance = chanceOf(checked.plan, counter.matched, rng).fork(`toxicity:${index}`);
        if (chance.next() >= (fault.toxicity ?? 1)) return false;
        counter.hit += 1;
        return true;
      }),
  };
}

/** A plan with a seed of its own hits the same requests whatever seed the mocks were given. */
function chanceOf(plan: FaultPlan, matched: number, rng: Rng): Rng {
  return plan.seed === undefined ? rng : seededRng(plan.seed).fork(`match:${matched}`);
}

/** Faults that act on clients or gateways have nothing to hold on to in an answer. */
export function unfitFaults(faults: readonly PlannedFault[]): readonly string[] {
  return faults
    .filter(({ bound: { script, wire, head } }) => !(script || wire || head))
    .map(
      ({ bound }) =>
        `Cannot use fault "${bound.name}" on an answer: its family is ${bound.family}. ` +
        'Give it to `leakbed run --fault`.',
    );
}

function concerns(match: FaultMatch | undefined, call: Call, provider: string): boolean {
  if (call.isNamedOnly === true && match?.operation === undefined) return false;
  if (match === undefined) return true;
  const { operation, model } = match;
  return (
    (match.provider === undefined || match.provider === provider) &&
    (operation === undefined || operation === call.operation) &&
    (model === undefined || model === call.model)
  );
}

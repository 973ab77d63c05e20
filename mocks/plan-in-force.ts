// The fault plan that is in force now, with its counters: how many requests each fault matched
// and how often it was spent. The only state of the mocks that decides an answer. Windows and times
// to live are judged when a request comes, so no timer waits for them.

import { type Clock, type Rng, seededRng, systemClock } from '../injectors/determinism.ts';
import { matchesGlob } from '../injectors/glob.ts';
import type { FaultMatch, FaultPlan, PlannedFault } from '../injectors/plan.ts';
import { checkPlan } from '../injectors/registry.ts';
import { isExpired, isOpen } from '../injectors/timing.ts';
import type { Call } from './provider.ts';
import { unfitPlan } from './unfit-faults.ts';

export interface PlanInForce {
  /** Without the faults whose time to live is over. */
  current(): FaultPlan;
  /** Takes a plan when it has no problems; counters and clocks start again. */
  set(input: unknown): readonly string[];
  /** Adds one fault behind the others, whose counters and clocks go on. */
  add(fault: unknown): readonly string[];
  clear(): void;
  /** Says which phase is on, whatever plan there is; an empty name is none. */
  enterPhase(name: string): void;
  /** The faults that hit this request; counts it, so ask once per request. */
  faultsFor(call: Call, provider: string, rng: Rng): readonly PlannedFault[];
}

/** A fault in force and what it has counted. */
interface Entry {
  readonly planned: PlannedFault;
  readonly sinceMs: number;
  /** Requests that were drawn to be looked at, and those of them that were due. */
  matched: number;
  arrived: number;
  hit: number;
  window: number;
  inWindow: number;
}

export function createPlanInForce(clock: Pick<Clock, 'nowMs'> = systemClock): PlanInForce {
  let seed: number | undefined;
  let phase: string | undefined;
  let entries: Entry[] = [];
  let looked = 0;
  const enter = (planned: PlannedFault): Entry => {
    const counters = { matched: 0, arrived: 0, hit: 0, window: 0, inWindow: 0 };
    return { planned, sinceMs: clock.nowMs(), ...counters };
  };
  const alive = () => {
    const nowMs = clock.nowMs();
    entries = entries.filter(({ planned, sinceMs }) => !isExpired(planned.timing, nowMs - sinceMs));
    return entries;
  };
  const current = () => ({
    ...(seed !== undefined && { seed }),
    ...(phase !== undefined && { phase }),
    faults: alive().map(({ planned }) => planned.fault),
  });
  const check = (input: unknown) => {
    const checked = checkPlan(input);
    return { ...checked, problems: [...checked.problems, ...unfitPlan(checked)] };
  };
  return {
    current,
    set(input) {
      const { plan, faults, problems } = check(input);
      if (problems.length > 0) return problems;
      seed = plan.seed;
      phase = plan.phase ?? phase;
      entries = faults.map(enter);
      looked = 0;
      return [];
    },
    add(fault) {
      // Alone first: what is wrong with it has the path that its sender knows.
      const alone = check({ faults: [fault] });
      if (alone.problems.length > 0) return alone.problems;
      const { faults, problems } = check({ ...current(), faults: [...current().faults, fault] });
      const added = faults.at(-1);
      if (problems.length === 0 && added !== undefined) entries.push(enter(added));
      return problems;
    },
    clear() {
      seed = undefined;
      entries = [];
    },
    enterPhase(name) {
      phase = name === '' ? undefined : name;
    },
    faultsFor(call, provider, rng) {
      looked += 1;
      // A plan with a seed of its own hits the same requests whatever seed the mocks were given.
      const drawn = seed === undefined ? rng : seededRng(seed).fork(`request:${looked}`);
      const nowMs = clock.nowMs();
      return alive().flatMap((entry, index) => {
        const { match, when } = entry.planned.fault;
        const isOn = when?.phase === undefined || when.phase === phase;
        if (!isOn || !concerns(match, call, provider)) return [];
        const acts = isHit(entry, nowMs - entry.sinceMs, drawn.fork(`fault:${index}`));
        return acts ? [entry.planned] : [];
      });
    },
  };
}

/** Counts the request and decides: drawn, due, in the window, not spent, admitted. */
function isHit(entry: Entry, elapsedMs: number, rng: Rng): boolean {
  const { fault, bound, timing } = entry.planned;
  const { match, toxicity = 1, times = Number.POSITIVE_INFINITY } = fault;
  if (rng.fork('probability').next() >= (match?.probability ?? 1)) return false;
  if (!isOpen(timing, elapsedMs)) return false;
  entry.matched += 1;
  if (entry.matched % (match?.nth ?? 1) !== 0 || entry.hit >= times) return false;
  if (rng.fork('toxicity').next() >= toxicity) return false;
  if (bound.admission !== undefined && !isAdmitted(entry, elapsedMs, bound.admission)) return false;
  entry.hit += 1;
  return true;
}

function isAdmitted(
  entry: Entry,
  elapsedMs: number,
  admission: NonNullable<PlannedFault['bound']['admission']>,
): boolean {
  const window = Math.floor(elapsedMs / admission.windowMs);
  if (window !== entry.window) Object.assign(entry, { window, inWindow: 0 });
  const arrival = { index: entry.arrived, indexInWindow: entry.inWindow, elapsedMs };
  entry.arrived += 1;
  entry.inWindow += 1;
  return admission.acts(arrival);
}

function concerns(match: FaultMatch | undefined, call: Call, provider: string): boolean {
  if (call.isNamedOnly === true && match?.operation === undefined) return false;
  if (match === undefined) return true;
  const { operation, model } = match;
  return (
    (match.provider === undefined || match.provider === provider) &&
    (operation === undefined || operation === call.operation) &&
    (model === undefined || matchesGlob(call.model, model))
  );
}

// The fault plan that is in force now, with its counters: how many requests each fault matched
// and how often it was spent. The only state of the mocks that decides an answer. Windows and times
// to live are judged when a request comes, so no timer waits for them.

import { type Clock, type Rng, seededRng, systemClock } from '../injectors/determinism.ts';
import { mostFaults } from '../injectors/fault-fields.ts';
import { matchesGlob } from '../injectors/glob.ts';
import type { Fault, FaultMatch, FaultPlan, PlannedFault } from '../injectors/plan.ts';
import { type CheckedPlan, checkPlan } from '../injectors/registry.ts';
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
  /** One by one, those that are switched off as well. */
  faults(): readonly FaultInForce[];
  /** Another fault in place of one; undefined where there is none of that id, as in `turn`. */
  replace(id: number, fault: unknown): readonly string[] | undefined;
  /** Switches one on or off; off it is no part of the plan and counts nothing. */
  turn(id: number, isOn: boolean): readonly string[] | undefined;
  /** False where there is none of that id. */
  remove(id: number): boolean;
  clear(): void;
  /** Says which phase is on, whatever plan there is; an empty name is none. */
  enterPhase(name: string): void;
  /** The faults that hit this request; counts it, so ask once per request. */
  faultsFor(call: Call, provider: string, rng: Rng): readonly PlannedFault[];
}

/** One fault as who steers sees it. */
export interface FaultInForce {
  readonly id: number;
  readonly fault: Fault;
  readonly explain: string;
  readonly isOn: boolean;
  /** Requests that it concerned, and those of them that it was put on. */
  readonly matched: number;
  readonly hit: number;
  /** Until its time to live is over; null: for good. */
  readonly leftMs: number | null;
}

/** A fault in force and what it has counted. */
interface Entry {
  readonly id: number;
  readonly planned: PlannedFault;
  readonly isOn: boolean;
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
  let entries: readonly Entry[] = [];
  let looked = 0;
  let lastId = 0;
  const enter = (planned: PlannedFault) => newEntry(++lastId, planned, clock.nowMs());
  const alive = () => {
    const nowMs = clock.nowMs();
    entries = entries.filter(({ planned, sinceMs }) => !isExpired(planned.timing, nowMs - sinceMs));
    return entries;
  };
  const planOf = (of: readonly Entry[]) => ({
    ...(seed !== undefined && { seed }),
    ...(phase !== undefined && { phase }),
    faults: of.filter(({ isOn }) => isOn).map(({ planned }) => planned.fault),
  });
  /** Takes these in place of those there are, when they can work together. */
  const take = (wanted: readonly Entry[]): readonly string[] => {
    const { problems } = check(planOf(wanted));
    if (problems.length === 0) entries = wanted;
    return problems;
  };
  return {
    current: () => planOf(alive()),
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
      if (alive().length >= mostFaults) {
        return [`Cannot add a fault: there are ${mostFaults} already. Remove one.`];
      }
      const { planned, problems } = checkAlone(fault);
      return planned === undefined ? problems : take([...entries, enter(planned)]);
    },
    ...oneByOne(alive, take, clock),
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
        const isOn = entry.isOn && (when?.phase === undefined || when.phase === phase);
        if (!isOn || !concerns(match, call, provider)) return [];
        const acts = isHit(entry, nowMs - entry.sinceMs, drawn.fork(`fault:${index}`));
        return acts ? [entry.planned] : [];
      });
    },
  };
}

function oneByOne(
  alive: () => readonly Entry[],
  take: (wanted: readonly Entry[]) => readonly string[],
  clock: Pick<Clock, 'nowMs'>,
): Pick<PlanInForce, 'faults' | 'replace' | 'turn' | 'remove'> {
  const find = (id: number) => alive().find((entry) => entry.id === id);
  const swap = (old: Entry, entry: Entry) =>
    take(alive().map((each) => (each === old ? entry : each)));
  return {
    faults: () => alive().map((entry) => seen(entry, clock.nowMs())),
    replace(id, fault) {
      const old = find(id);
      if (old === undefined) return undefined;
      const { planned, problems } = checkAlone(fault);
      if (planned === undefined) return problems;
      return swap(old, { ...newEntry(id, planned, clock.nowMs()), isOn: old.isOn });
    },
    turn(id, isOn) {
      const entry = find(id);
      return entry && swap(entry, { ...entry, isOn });
    },
    remove(id) {
      const entry = find(id);
      if (entry !== undefined) take(alive().filter((each) => each !== entry));
      return entry !== undefined;
    },
  };
}

function check(input: unknown): CheckedPlan {
  const checked = checkPlan(input);
  return { ...checked, problems: [...checked.problems, ...unfitPlan(checked)] };
}

/** What is wrong with one fault has the path that its sender knows. */
function checkAlone(fault: unknown): {
  readonly planned: PlannedFault | undefined;
  readonly problems: readonly string[];
} {
  const { faults, problems } = check({ faults: [fault] });
  return { planned: problems.length === 0 ? faults[0] : undefined, problems };
}

function newEntry(id: number, planned: PlannedFault, sinceMs: number): Entry {
  const counters = { matched: 0, arrived: 0, hit: 0, window: 0, inWindow: 0 };
  return { id, planned, isOn: true, sinceMs, ...counters };
}

function seen({ id, planned, isOn, matched, hit, sinceMs }: Entry, nowMs: number): FaultInForce {
  const { fault, bound, timing } = planned;
  const leftMs = Number.isFinite(timing.ttlMs) ? timing.ttlMs - (nowMs - sinceMs) : null;
  return { id, fault, explain: bound.explain(), isOn, matched, hit, leftMs };
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

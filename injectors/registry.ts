// From plain data to faults that can act: finds injectors, checks options and order, and lists
// every problem of a plan at once.

import { compositionProblems } from './composition.ts';
import { faultProblems, fieldProblems, isRecord, mostFields, planFields } from './fault-fields.ts';
import { injectors } from './index.ts';
import type { RegisteredInjector } from './injector.ts';
import { insteadOf } from './nearest.ts';
import type { Fault, FaultPlan, PlannedFault } from './plan.ts';
import { timingOf } from './timing.ts';

export interface CheckedPlan {
  readonly plan: FaultPlan;
  readonly faults: readonly PlannedFault[];
  readonly problems: readonly string[];
}

/** Says where in a document a fault is: `faults[2]`. */
export type FaultPath = (fault: Fault) => string;

export function findInjector(name: string): RegisteredInjector | undefined {
  return injectors.find((injector) => injector.name === name);
}

/** Binds faults in order; a fault that ends the stream must come last. */
export function bindFaults(
  faults: readonly Fault[],
  path?: FaultPath,
): {
  readonly planned: readonly PlannedFault[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const planned: PlannedFault[] = [];
  for (const fault of faults) {
    const injector = findInjector(fault.fault);
    if (injector === undefined) {
      problems.push(unknownFault(fault, path));
      continue;
    }
    const result = injector.bind(fault.options ?? {}, path && `${path(fault)}.options`);
    problems.push(...result.problems);
    if (result.fault === undefined) continue;
    planned.push({ fault, bound: result.fault, timing: timingOf(fault) });
  }
  return { planned, problems: [...problems, ...compositionProblems(planned, path)] };
}

function unknownFault(fault: Fault, path: FaultPath | undefined): string {
  const place = path === undefined ? '' : ` at ${path(fault)}.fault`;
  const names = injectors.map(({ name }) => name);
  const instead = insteadOf(fault.fault, names);
  return `Cannot use fault "${fault.fault}"${place}: there is none. ${instead}`;
}

/** Checks a plan that came from a file or over HTTP; `unknown` in, every problem out. */
export function checkPlan(input: unknown): CheckedPlan {
  const empty: FaultPlan = { faults: [] };
  if (!isRecord(input) || !Array.isArray(input.faults)) {
    const problem = 'Cannot read the plan: it must be an object like {"faults": [...]}.';
    return { plan: empty, faults: [], problems: [problem] };
  }
  const problems = fieldProblems(input, planFields, '');
  if (problems.some((problem) => problem.startsWith('Cannot read faults'))) {
    return { plan: empty, faults: [], problems };
  }
  const paths = new Map<Fault, string>();
  for (const [index, raw] of input.faults.entries()) {
    const path = `faults[${index}]`;
    const wrong = isRecord(raw) ? faultProblems(raw, path) : [];
    problems.push(...wrong);
    if (!isRecord(raw) || typeof raw.fault !== 'string') {
      problems.push(`Cannot read ${path}: it must be an object with "fault": "<name>".`);
      continue;
    }
    // What has the wrong type is told, and left out of the checks of what has the right one.
    const fault = wrong.length === 0 ? { ...raw, options: raw.options ?? {} } : bare(raw);
    paths.set(fault as unknown as Fault, path);
  }
  const faults = [...paths.keys()];
  const { planned, problems: unbound } = bindFaults(faults, (fault) => paths.get(fault) ?? '');
  const { seed, phase } = input;
  const plan = {
    ...(typeof seed === 'number' && { seed }),
    ...(typeof phase === 'string' && { phase }),
    faults,
  };
  return { plan, faults: planned, problems: [...problems, ...unbound] };
}

/** Its name and those of its options that can be read, so that they are checked all the same. */
function bare(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = isRecord(raw.options) ? Object.entries(raw.options) : [];
  const plain = given.filter(([, value]) => typeof value !== 'object' || value === undefined);
  return { fault: raw.fault, options: Object.fromEntries(plain.slice(0, mostFields)) };
}

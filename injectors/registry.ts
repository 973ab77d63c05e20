// From plain data to faults that can act: finds injectors, checks options and order, and lists
// every problem of a plan at once.

import { injectors } from './index.ts';
import type { RegisteredInjector } from './injector.ts';
import type { RawValue } from './options.ts';
import type { Fault, FaultMatch, FaultPlan, PlannedFault } from './plan.ts';

export interface CheckedPlan {
  readonly plan: FaultPlan;
  readonly faults: readonly PlannedFault[];
  readonly problems: readonly string[];
}

export function findInjector(name: string): RegisteredInjector | undefined {
  return injectors.find((injector) => injector.name === name);
}

/** Binds faults in order; a fault that ends the stream must come last. */
export function bindFaults(faults: readonly Fault[]): {
  readonly planned: readonly PlannedFault[];
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const planned: PlannedFault[] = [];
  for (const fault of faults) {
    const injector = findInjector(fault.fault);
    if (injector === undefined) {
      const known = injectors.map(({ name }) => name).join(', ');
      problems.push(`Cannot use fault "${fault.fault}": there is none. Known: ${known}.`);
      continue;
    }
    const result = injector.bind(fault.options ?? {});
    problems.push(...result.problems);
    if (result.fault !== undefined) planned.push({ fault, bound: result.fault });
  }
  return { planned, problems: [...problems, ...misplaced(planned)] };
}

/** Only faults that can meet in one stream are compared: an unmatched pair may both end it. */
function misplaced(planned: readonly PlannedFault[]): string[] {
  return planned.flatMap(({ bound, fault }, index) => {
    const next = planned
      .slice(index + 1)
      .find((later) => later.bound.wire !== undefined && sameMatch(later.fault, fault));
    if (!bound.isTerminal || next === undefined) return [];
    return [`Cannot use fault "${next.bound.name}" after "${bound.name}", which ends the stream.`];
  });
}

function sameMatch(a: Fault, b: Fault): boolean {
  return JSON.stringify(a.match ?? {}) === JSON.stringify(b.match ?? {});
}

/** Checks a plan that came from a file or over HTTP; `unknown` in, every problem out. */
export function checkPlan(input: unknown): CheckedPlan {
  const problems: string[] = [];
  const empty: FaultPlan = { faults: [] };
  if (!isRecord(input) || !Array.isArray(input.faults)) {
    const problem = 'Cannot read the plan: it must be an object like {"faults": [...]}.';
    return { plan: empty, faults: [], problems: [problem] };
  }
  problems.push(...unknownFields(input, ['seed', 'faults'], 'the plan'));
  if (input.seed !== undefined && !Number.isSafeInteger(input.seed)) {
    problems.push('Cannot read the plan: "seed" must be a whole number.');
  }
  const faults = input.faults.flatMap((raw, index) => readFault(raw, index, problems));
  const { planned, problems: unbound } = bindFaults(faults);
  const seed = input.seed;
  const plan = { ...(typeof seed === 'number' && { seed }), faults };
  return { plan, faults: planned, problems: [...problems, ...unbound] };
}

const matchFields = ['provider', 'operation', 'model', 'nth'];

function readFault(raw: unknown, index: number, problems: string[]): Fault[] {
  const where = `faults[${index}]`;
  if (!isRecord(raw) || typeof raw.fault !== 'string') {
    problems.push(`Cannot read ${where}: it must be an object with "fault": "<name>".`);
    return [];
  }
  problems.push(
    ...unknownFields(raw, ['fault', 'options', 'match', 'toxicity', 'times'], where),
    ...optionProblems(raw.options, where),
    ...matchProblems(raw.match, where),
    ...countProblem(raw.toxicity, 0, 1, `${where}.toxicity`),
    ...countProblem(raw.times, 1, Number.MAX_SAFE_INTEGER, `${where}.times`),
  );
  return [
    {
      fault: raw.fault,
      options: (isRecord(raw.options) ? raw.options : {}) as Record<string, RawValue>,
      ...(isRecord(raw.match) && { match: raw.match as FaultMatch }),
      ...(typeof raw.toxicity === 'number' && { toxicity: raw.toxicity }),
      ...(typeof raw.times === 'number' && { times: raw.times }),
    },
  ];
}

function optionProblems(raw: unknown, where: string): string[] {
  if (raw === undefined) return [];
  if (!isRecord(raw)) return [`Cannot read ${where}.options: it must be an object.`];
  return Object.entries(raw)
    .filter(([, value]) => !['string', 'number', 'boolean'].includes(typeof value))
    .map(([name]) => `Cannot read ${where}.options.${name}: it must be a plain value.`);
}

function matchProblems(raw: unknown, where: string): string[] {
  if (raw === undefined) return [];
  if (!isRecord(raw)) return [`Cannot read ${where}.match: it must be an object.`];
  const wrong = ['provider', 'operation', 'model'].filter(
    (name) => raw[name] !== undefined && typeof raw[name] !== 'string',
  );
  return [
    ...unknownFields(raw, matchFields, `${where}.match`),
    ...wrong.map((name) => `Cannot read ${where}.match.${name}: it must be text.`),
    ...countProblem(raw.nth, 1, Number.MAX_SAFE_INTEGER, `${where}.match.nth`),
  ];
}

function countProblem(raw: unknown, low: number, high: number, where: string): string[] {
  if (raw === undefined) return [];
  const isWhole = high !== 1;
  const fits = typeof raw === 'number' && raw >= low && raw <= high;
  if (fits && (!isWhole || Number.isInteger(raw))) return [];
  const range = !isWhole ? `a number from ${low} to ${high}` : `a whole number from ${low}`;
  return [`Cannot read ${where}: it must be ${range}.`];
}

function unknownFields(record: object, known: readonly string[], where: string): string[] {
  return Object.keys(record)
    .filter((name) => !known.includes(name))
    .map((name) => `Cannot use "${name}" in ${where}. Known: ${known.join(', ')}.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Faults that could never act here, said before a plan is taken: faults of another kind, providers
// and operations that there are not, and framings that the provider has none of.

import { insteadOf } from '../injectors/nearest.ts';
import { exclusion } from '../injectors/pipeline.ts';
import type { FaultMatch, PlannedFault } from '../injectors/plan.ts';
import type { CheckedPlan } from '../injectors/registry.ts';
import type { TransportName } from '../injectors/stream.ts';
import { providers } from './index.ts';
import type { Provider } from './provider.ts';

/** Every problem, each with the path of what is wrong. */
export function unfitPlan({ plan, faults }: CheckedPlan): readonly string[] {
  return faults.flatMap((planned) => {
    const path = `faults[${plan.faults.indexOf(planned.fault)}]`;
    return [...foreign(planned, ` at ${path}`), ...unmatched(planned, path)];
  });
}

/** Of faults that came with a request: nothing is matched, and there is nothing to count. */
export function unfitFaults(faults: readonly PlannedFault[]): readonly string[] {
  return faults.flatMap((planned) => {
    if (planned.bound.admission === undefined) return foreign(planned, '');
    const { name } = planned.bound;
    const reason = 'it counts requests, and a request alone has no others';
    return [`Cannot use fault "${name}" in a request: ${reason}. Put it into the fault plan.`];
  });
}

/** Faults that act on clients or gateways have nothing to hold on to in an answer. */
function foreign({ bound }: PlannedFault, place: string): string[] {
  if (bound.script || bound.wire || bound.head) return [];
  const { name, family } = bound;
  return [
    `Cannot use fault "${name}"${place} on an answer: its family is ${family}. ` +
      'Give it to `leakbed run --fault`.',
  ];
}

function unmatched({ fault, bound }: PlannedFault, path: string): string[] {
  const { match = {} } = fault;
  const named = providers.filter(
    ({ name }) => match.provider === undefined || name === match.provider,
  );
  if (named.length === 0) {
    const names = providers.map(({ name }) => name);
    return [unknown(`${path}.match.provider`, match.provider ?? '', names)];
  }
  const problems = operationProblems(match, named, path);
  const reasons = named.map((provider) => neverOn(bound, provider));
  const [reason] = reasons;
  if (reason === undefined || reasons.includes(undefined)) return problems;
  const of = named.map(({ name }) => name).join(' or ');
  return [
    ...problems,
    `Cannot use fault "${bound.name}" at ${path} on ${of}: ${reason}. ` +
      'Match another provider, or take it out.',
  ];
}

function operationProblems(match: FaultMatch, named: readonly Provider[], path: string): string[] {
  const { operation } = match;
  if (operation === undefined) return [];
  const known = named.flatMap(({ operations }) => operations);
  if (known.includes(operation)) return [];
  return [unknown(`${path}.match.operation`, operation, known)];
}

function unknown(path: string, given: string, known: readonly string[]): string {
  return `Cannot match ${path} "${given}": there is none. ${insteadOf(given, known)}`;
}

/** Why no answer of this provider can have the fault; undefined when one can. */
function neverOn(bound: PlannedFault['bound'], { framings }: Provider): string | undefined {
  const reasons = Object.entries(framings).flatMap(([framing, transports]) =>
    transports.map((transport: TransportName) =>
      exclusion(bound, { transport, framing: framing as keyof typeof framings }),
    ),
  );
  return reasons.includes(undefined) ? undefined : reasons[0];
}

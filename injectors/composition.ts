// Whether the faults of one plan can work together: nothing comes after an answer's end, and a
// window has to be open at some time.

import type { Fault, FaultMatch, PlannedFault } from './plan.ts';
import { contradictions } from './timing.ts';

/** `path` names the fault with this index, where problems are told by their place in a document. */
export function compositionProblems(
  planned: readonly PlannedFault[],
  path: ((fault: Fault) => string) | undefined,
): string[] {
  const windows = planned.flatMap(({ fault }) => contradictions(fault, path?.(fault) ?? 'fault'));
  return [...windows, ...unreachable(planned, path)];
}

/** Only a fault that ends every answer the later one could be in keeps that from acting. */
function unreachable(
  planned: readonly PlannedFault[],
  path: ((fault: Fault) => string) | undefined,
): string[] {
  return planned.flatMap((earlier, index) => {
    if (!earlier.bound.isTerminal) return [];
    const later = planned
      .slice(index + 1)
      .find((other) => other.bound.wire !== undefined && alwaysWith(earlier, other));
    if (later === undefined) return [];
    const place = path === undefined ? '' : ` at ${path(later.fault)}`;
    const what = `fault "${later.bound.name}"${place}`;
    return [`Cannot use ${what} after "${earlier.bound.name}", which ends the stream.`];
  });
}

/** True when `earlier` acts on every request that `later` could act on. */
function alwaysWith(earlier: PlannedFault, later: PlannedFault): boolean {
  const { fault, bound } = earlier;
  const isCertain =
    (fault.toxicity ?? 1) === 1 &&
    fault.times === undefined &&
    fault.ttl === undefined &&
    fault.when === undefined &&
    bound.admission === undefined;
  return isCertain && covers(fault.match ?? {}, later.fault.match ?? {});
}

function covers(wide: FaultMatch, narrow: FaultMatch): boolean {
  const names = ['provider', 'operation', 'model', 'nth', 'probability'] as const;
  const isDrawn = (wide.probability ?? 1) < 1;
  return !isDrawn && names.every((name) => wide[name] === undefined || wide[name] === narrow[name]);
}

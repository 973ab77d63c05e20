// One row of the table: a fault in every way, each cell held to its promise.

import { type FaultPlace, placeOf } from '../../../injectors/family.ts';
import type { RegisteredInjector } from '../../../injectors/injector.ts';
import { observations } from '../../../injectors/observed/index.ts';
import { type Column, columns } from './columns.ts';
import { type FaultCell, faultCell } from './fault-cell.ts';
import { problemOf } from './promises.ts';

export interface Row {
  readonly fault: string;
  /** What was observed, in the order of the columns; empty with a reason. */
  readonly cells: readonly string[];
  /** Why there is no SDK that the fault could act on. */
  readonly reason?: string;
  readonly problems: readonly string[];
  /** Why single cells cannot be. */
  readonly exclusions: readonly string[];
}

/** Faults that hurt something else than an SDK's answers. */
const elsewhere: Readonly<Partial<Record<FaultPlace, string>>> = {
  load: 'acts in the load client itself: there is no SDK between it and the gateway',
  gateway: "acts on the gateway's process or its billing worker, not on answers",
};

/** Why there is no SDK that the fault could meet; undefined where there is one. */
export function reasonForNone({ family }: RegisteredInjector): string | undefined {
  return elsewhere[placeOf(family)];
}

/** Long enough for the pauses in examples; what hangs is asked again with more patience. */
const silenceMs = 700;
const patienceMs = 6000;

export async function checkedRow(
  injector: RegisteredInjector,
  among: readonly Column[] = columns,
): Promise<Row> {
  const reason = reasonForNone(injector);
  const fault = injector.name;
  if (reason !== undefined) return { fault, cells: [], reason, problems: [], exclusions: [] };
  const cells: string[] = [];
  const problems: string[] = [];
  const excluded: { readonly name: string; readonly why: string }[] = [];
  for (const column of among) {
    const promise = observations[fault]?.[columns.indexOf(column)];
    const { cell, problem } = await checkedCell(injector, column, promise);
    cells.push(cell.excluded === undefined ? cell.observed : 'n/a');
    if (cell.excluded !== undefined) excluded.push({ name: column.name, why: cell.excluded });
    if (problem !== undefined) problems.push(`${injector.example}, ${column.name}: ${problem}`);
  }
  const byReason = Object.entries(Object.groupBy(excluded, ({ why }) => why));
  const exclusions = byReason.map(([why, those = []]) => {
    const names = those.map(({ name }) => name).join(', ');
    return `${fault} on ${names}: ${why}`;
  });
  return { fault, cells, problems, exclusions };
}

/** A busy machine can make a pause look like silence, so a cell that differs gets a second try. */
async function checkedCell(
  injector: RegisteredInjector,
  column: Column,
  promise: string | undefined,
): Promise<{ readonly cell: FaultCell; readonly problem: string | undefined }> {
  const undisturbed = observations.noop?.[columns.indexOf(column)] ?? '';
  const first = await faultCell(injector, column, silenceMs);
  if (promise === undefined) return { cell: first, problem: 'nothing is promised' };
  const problem = problemOf(first, promise, undisturbed);
  if (problem === undefined) return { cell: first, problem };
  const second = await faultCell(injector, column, patienceMs);
  return { cell: second, problem: problemOf(second, promise, undisturbed) };
}

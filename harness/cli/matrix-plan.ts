// Which cells the matrix has: every fault that acts on an answer, on a connection or in a client,
// on every way in which the gateway reaches its providers; for what is left out, why.

import { placeOf } from '../../injectors/family.ts';
import { injectors } from '../../injectors/index.ts';
import type { RegisteredInjector } from '../../injectors/injector.ts';
import { exclusion } from '../../injectors/pipeline.ts';
import { parseFaultWords, printFault } from '../../injectors/plan.ts';
import { bindFaults, findInjector } from '../../injectors/registry.ts';
import type { CellKey } from '../checkers/matrix-cells.ts';
import type { ObservedWay } from '../runner/observed-transports.ts';
import { UsageError } from './exit-codes.ts';
import type { MatrixFlags } from './matrix.ts';
import { shellWord } from './shell-word.ts';

export interface PlannedCell extends CellKey {
  /** Faults of connections act in a proxy between the gateway and the providers. */
  readonly isThroughProxy: boolean;
}

export interface LeftOut extends CellKey {
  readonly why: string;
}

/** The faults asked for, each in its own words; without any the catalogue's examples. */
export function chosenFaults({ fault }: Pick<MatrixFlags, 'fault'>): readonly string[] {
  if (fault.length === 0) return injectors.map(({ example }) => example);
  const words = fault.map((word) => (word.includes(';') ? word : (exampleOf(word) ?? word)));
  // One by one: each is to act alone.
  const problems = words.flatMap((word) => bindFaults([parseFaultWords(word)]).problems);
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return words.map((word) => printFault(parseFaultWords(word)));
}

function exampleOf(name: string): string | undefined {
  return findInjector(name)?.example;
}

/** `canProxy`: the gateway can be started with a proxy between it and the providers. */
export function planCells(
  faults: readonly string[],
  ways: readonly ObservedWay[],
  canProxy: boolean,
): { readonly cells: readonly PlannedCell[]; readonly leftOut: readonly LeftOut[] } {
  const cells: PlannedCell[] = [];
  const leftOut: LeftOut[] = [];
  for (const fault of faults) {
    for (const way of ways) {
      const key = { provider: way.provider, transport: way.transport, fault };
      const injector = findInjector(parseFaultWords(fault).fault);
      const why =
        injector === undefined ? 'there is no such fault' : reasonAgainst(injector, way, canProxy);
      if (why !== undefined) leftOut.push({ ...key, why });
      else cells.push({ ...key, isThroughProxy: injector?.family === 'tcp' });
    }
  }
  return { cells, leftOut };
}

function reasonAgainst(
  injector: RegisteredInjector,
  way: ObservedWay,
  canProxy: boolean,
): string | undefined {
  if (injector.family === 'tcp' && !canProxy) {
    return 'it acts in a proxy, and a gateway that runs already does not go through one';
  }
  if (placeOf(injector.family) === 'gateway') {
    return 'it acts beside the requests, and belongs to no provider';
  }
  return exclusion(injector, way);
}

/** The command that measures the same cells again. */
export function repeatMatrix(flags: MatrixFlags, seed: number, command: readonly string[]): string {
  const { gateway, profile, url, pid, container, metrics, mocks, leak } = flags;
  const { provider, transport, fault } = flags;
  const named = { gateway, profile, url, pid, container, metrics, mocks, leak };
  const many = { provider, transport, fault };
  return [
    'npx leakbed matrix',
    `--seed ${seed}`,
    ...Object.entries(named).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name} ${shellWord(String(value))}`],
    ),
    ...Object.entries(many).flatMap(([name, values]) =>
      values.map((value) => `--${name} ${shellWord(value)}`),
    ),
    ...(command.length === 0 ? [] : [`-- ${command.map(shellWord).join(' ')}`]),
  ].join(' ');
}

// How often a diagnosis names the right function and the right variable first, over the leaks of
// the gallery and those planted in the reference gateways, and how long it takes. Fails below 95 %,
// or beyond 20 s.
//
//   node test/bench/diagnosis.ts [--rounds N] [--only KIND]… [--node PATH] [--no-gateways]

import { parseArgs } from 'node:util';
import type { Suspect } from '../../harness/verdict.ts';
import { diagnoseGateway } from '../fixtures/diagnosed-gateway.ts';
import { diagnoseLeak } from '../fixtures/diagnosed-leak.ts';
import { plantedLeaks } from '../gallery/planted.ts';
import { plantedInGateways } from '../gallery/planted-in-gateways.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: 'string', default: '1' },
    only: { type: 'string', multiple: true },
    node: { type: 'string' },
    gateways: { type: 'boolean', default: true },
  },
});

interface Found {
  readonly suspects: readonly Suspect[];
  readonly seconds: number;
  readonly isFunctionRight: boolean;
  readonly isVariableRight: boolean;
  readonly cutShort: string | null;
}

const wantedShare = 0.95;
const mostSeconds = 20;
const widths = [34, 26, 44, 34, 6, 6];
const show = (cells: readonly string[]) =>
  process.stdout.write(`${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' ')}\n`);

const cases = [
  ...plantedLeaks.map((leak) => ({
    name: leak.kind,
    wanted: `${leak.function}, ${leak.variable}`,
    diagnose: (): Promise<Found> => diagnoseLeak(leak, values.node),
  })),
  ...(values.gateways ? plantedInGateways : []).map((planted) => ({
    name: `${planted.gateway} ${planted.leak}`,
    wanted: `${planted.function}, ${planted.variable}`,
    diagnose: (): Promise<Found> => diagnoseGateway(planted),
  })),
].filter(({ name }) => values.only?.includes(name) ?? true);

show(['leak', 'function', 'variable', 'place', 's', '']);
let right = 0;
let total = 0;
let slowest = 0;
for (const { name, wanted, diagnose } of cases) {
  for (let round = 0; round < Number(values.rounds); round++) {
    const found = await diagnose();
    const isRight = found.isFunctionRight && found.isVariableRight;
    const made = found.suspects.find(({ kind }) => kind === 'function');
    const held = found.suspects.find(({ kind }) => kind !== 'function');
    total++;
    if (isRight) right++;
    slowest = Math.max(slowest, found.seconds);
    const { file, line } = held ?? made ?? { file: '', line: 0 };
    show([
      name,
      made?.name ?? '',
      held?.name ?? '',
      `${file}:${line}`,
      found.seconds.toFixed(1),
      isRight ? 'right' : `WRONG, wanted ${wanted}`,
    ]);
    if (found.cutShort !== null) show([`  without ${found.cutShort}`]);
    if (values.only !== undefined) process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  }
}
process.stdout.write(
  `\n${right} of ${total} right, slowest ${slowest.toFixed(1)} s ` +
    `(wanted: ${wantedShare * 100} %, ${mostSeconds} s)\n`,
);
process.exitCode = right >= wantedShare * total && slowest <= mostSeconds ? 0 : 1;

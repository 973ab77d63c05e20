// How often a diagnosis names the right function and the right variable first, over the planted
// leaks of the gallery, and how long it takes. Fails below 95 %, or beyond 20 s.
//
//   node test/bench/diagnosis.ts [--rounds N] [--only FILE] [--node PATH]

import { parseArgs } from 'node:util';
import { diagnoseLeak } from '../fixtures/diagnosed-leak.ts';
import { plantedLeaks } from '../gallery/planted.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    only: { type: 'string' },
    node: { type: 'string' },
  },
});

const wantedShare = 0.95;
const mostSeconds = 20;
const widths = [24, 26, 44, 6, 6];
const show = (cells: readonly string[]) =>
  process.stdout.write(`${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' ')}\n`);

show(['leak', 'function', 'variable', 'place', 's', '']);
let right = 0;
let total = 0;
let slowest = 0;
for (const leak of plantedLeaks.filter(({ file }) => file === (values.only ?? file))) {
  for (let round = 0; round < Number(values.rounds); round++) {
    const found = await diagnoseLeak(leak, values.node);
    const isRight = found.isFunctionRight && found.isVariableRight;
    const named = found.suspects.find(({ kind }) => kind === 'function');
    const held = found.suspects.find(({ kind }) => kind !== 'function');
    total++;
    if (isRight) right++;
    slowest = Math.max(slowest, found.seconds);
    const place = `${held?.file}:${held?.line}`;
    show([
      leak.kind,
      `${named?.name}${found.isFunctionRight ? '' : ` (not ${leak.function})`}`,
      `${held?.name}${found.isVariableRight ? '' : ` (not ${leak.variable})`}`,
      place,
      found.seconds.toFixed(1),
      isRight ? 'right' : 'WRONG',
    ]);
    if (values.only !== undefined) process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
  }
}
process.stdout.write(
  `\n${right} of ${total} right, slowest ${slowest.toFixed(1)} s ` +
    `(wanted: ${wantedShare * 100} %, ${mostSeconds} s)\n`,
);
process.exitCode = right >= wantedShare * total && slowest <= mostSeconds ? 0 : 1;

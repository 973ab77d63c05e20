// Prints the table: every fault of the catalogue against the real SDK of each way in which answers
// come, and whether it is as promised (injectors/observed/). Exit code 1 when a cell is not.
//
//   node test/conformance/faults/table.ts [FAULT…] [--full] [--propose]
//
// `--full` prints every cell in full; `--propose` prints the rows as injectors/observed/ has them.

import { systemClock } from '../../../injectors/determinism.ts';
import { injectors } from '../../../injectors/index.ts';
import { ways } from '../../../injectors/observed/observation.ts';
import { columns } from './columns.ts';
import { checkedRow, type Row } from './row.ts';

const args = process.argv.slice(2);
const names = args.filter((word) => !word.startsWith('--'));
const wanted = injectors.filter(({ name }) => names.length === 0 || names.includes(name));
const isFull = args.includes('--full');

const cellWidth = 25;
const print = (line: string) => process.stdout.write(`${line}\n`);
const inColumns = (first: string, cells: readonly string[]) =>
  [first.padEnd(19), ...cells.map((cell) => cell.slice(0, cellWidth - 1).padEnd(cellWidth))].join(
    '',
  );

const startedMs = systemClock.nowMs();
for (const { name, sdk } of columns) print(`${name.padEnd(cellWidth)}${sdk}`);
print(`\n${inColumns('fault', ways)}`);
const rows: Row[] = [];
for (const injector of wanted) {
  const row = await checkedRow(injector);
  rows.push(row);
  if (args.includes('--propose')) propose(row);
  else if (isFull) printInFull(row);
  else print(row.reason ? `${row.fault.padEnd(19)}${row.reason}` : inColumns(row.fault, row.cells));
}
const problems = rows.flatMap((row) => row.problems);
const reasons = rows.flatMap((row) => row.exclusions);
for (const line of ['', 'Cells that cannot be, and why:', ...reasons, '']) print(line);
for (const problem of problems) print(`NOT AS PROMISED: ${problem}`);
const seconds = Math.round((systemClock.nowMs() - startedMs) / 1000);
const cellCount = rows.reduce((sum, { cells }) => sum + cells.length, 0);
print(
  `${rows.length} faults, ${cellCount} cells against real SDKs in ${seconds} s: ` +
    `${problems.length} not as promised.`,
);
process.exit(problems.length === 0 ? 0 : 1);

function printInFull({ fault, cells, reason }: Row): void {
  print(`\n${fault}${reason === undefined ? '' : `: ${reason}`}`);
  for (const [index, cell] of cells.entries()) print(`  ${(ways[index] ?? '').padEnd(19)}${cell}`);
}

function propose({ fault, cells }: Row): void {
  if (cells.length > 0) print(`  ${JSON.stringify(fault)}: ${JSON.stringify(cells)},`);
}

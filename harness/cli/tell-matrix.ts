// What came of a matrix: on the terminal, as a report of all its parts, as one JSON document.

import { join } from 'node:path';
import { latestCells, type MatrixCell } from '../checkers/matrix-cells.ts';
import { htmlReport } from '../reports/html.ts';
import { matrixTable } from '../reports/matrix-table.ts';
import type { JudgedRun } from '../reports/reporter.ts';
import type { Outcome } from '../verdict.ts';
import { exitCodes } from './exit-codes.ts';
import { printJson } from './json-document.ts';
import type { LeftOut } from './matrix-plan.ts';
import { writeOrSay } from './save-reports.ts';
import { shellWord } from './shell-word.ts';

export interface MatrixResult {
  readonly folder: string;
  readonly parts: readonly JudgedRun[];
  readonly leftOut: readonly LeftOut[];
  /** Cells that there are to be. */
  readonly planned: number;
  /** What repeats the matrix. */
  readonly command: string;
  readonly isCut: boolean;
}

export async function tellMatrix(
  result: MatrixResult,
  flags: { readonly json?: boolean },
): Promise<void> {
  const { folder, parts, leftOut, planned, command } = result;
  const cells = latestCells(parts.map(({ record }) => record));
  const outcome = outcomeOf(cells, result);
  const report = join(folder, 'report.html');
  await writeOrSay(report, htmlReport(parts));
  console.error(`\n${matrixTable(cells, leftOut)}`);
  console.error(`${cells.length} of ${planned} cells measured, ${outcome}.`);
  console.error(`Report: ${report}`);
  if (cells.length < planned) console.error(`Resume: ${command} --resume ${shellWord(folder)}`);
  console.error(`Repeat: ${command}`);
  const document = { schema: 1, outcome, folder, repeat: command, planned, cells, leftOut };
  printJson(flags, document);
  process.exitCode = exitCodes[outcome];
}

function outcomeOf(cells: readonly MatrixCell[], { planned, isCut }: MatrixResult): Outcome {
  if (cells.some(({ finding, gatewayEnded }) => finding === 'leak' || gatewayEnded !== null)) {
    return 'fail';
  }
  const isWhole = cells.length >= planned && !isCut;
  return isWhole && cells.every(({ finding }) => finding !== 'undecided') ? 'pass' : 'inconclusive';
}

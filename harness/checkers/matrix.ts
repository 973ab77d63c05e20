// Judges a run of the matrix: a cell that leaks fails, one of which too little is known is
// inconclusive. The cells themselves are matrix-cells.ts.

import type { RunRecord } from '../record.ts';
import { metrics } from '../series/metrics.ts';
import type { Finding } from '../verdict.ts';
import { amount } from './channel-sentence.ts';
import type { Checker, Judgement } from './checker.ts';
import { cellPhase, type MatrixCell, matrixCells } from './matrix-cells.ts';

export const matrixChecker: Checker = {
  name: 'matrix',
  needs: [],
  check: (record) => judge(record),
};

function judge(record: RunRecord): Judgement {
  const cells = matrixCells(record);
  const of = (finding: Finding) => cells.filter((cell) => cell.finding === finding);
  const [leaking, open] = [of('leak'), of('undecided')];
  const evidence = [
    { label: 'cells', value: cells.length },
    { label: 'cells that leak', value: leaking.length },
    { label: 'cells not decided', value: open.length },
    ...leaking.map((cell) => ({
      label: cellName(cell),
      value: cell.perRequest?.estimate ?? 0,
      unit: `${metrics[cell.metric ?? 'heapBytes'].unit} per request`,
    })),
  ];
  const judged = {
    evidence,
    warnings: open.map((cell) => `${cellName(cell)}: ${cell.reason}`),
    resources: leaking.flatMap(({ resources }) => resources.slice(0, 1)),
  };
  if (leaking.length > 0) {
    const told = leaking.map(sentenceOf).join('; ');
    const reason = `${leaking.length} of ${cells.length} cells leak: ${told}.`;
    return { ...judged, outcome: 'fail', finding: 'leak', reason };
  }
  if (open.length > 0 || cells.length === 0) {
    const reason = `${open.length} of ${cells.length} cells could not be decided.`;
    return { ...judged, outcome: 'inconclusive', finding: 'undecided', reason };
  }
  const reason = `None of ${cells.length} cells leaks.`;
  return { ...judged, outcome: 'pass', finding: 'clean', reason };
}

const cellName = (cell: MatrixCell) => cellPhase(cell, 'fault');

function sentenceOf(cell: MatrixCell): string {
  const { metric, perRequest } = cell;
  if (metric === null || perRequest === null) return cellName(cell);
  return `${cellName(cell)} keeps ${amount(perRequest.estimate, metrics[metric].unit)} ${metric} per request`;
}

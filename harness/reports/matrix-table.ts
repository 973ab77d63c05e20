// The matrix on a terminal: a row for each fault, a column for each provider and transport, and
// below it what was found in the cells that are not clean.

import type { CellKey, MatrixCell } from '../checkers/matrix-cells.ts';
import { metrics } from '../series/metrics.ts';
import { alignedColumns } from './aligned-columns.ts';
import { absent, writeBytes, writeMs, writeRate, writeValue } from './numbers.ts';
import { metricLabels, plainText } from './wording.ts';

type Why = CellKey & { readonly why: string };

export function matrixTable(cells: readonly MatrixCell[], leftOut: readonly Why[]): string {
  const columns = [...new Set(cells.map(columnOf))];
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const cellAt = (fault: string, column: string) =>
    cells.find((cell) => cell.fault === fault && columnOf(cell) === column);
  const rows = faults.map((fault) => [
    fault,
    ...columns.map((column) => cellWord(cellAt(fault, column))),
  ]);
  const notable = cells.filter(({ finding, isStuck }) => finding !== 'clean' || isStuck);
  return [
    ...alignedColumns(['fault', ...columns], rows),
    '',
    ...notable.flatMap((cell) => [
      `${cell.finding}: ${columnOf(cell)} ${cell.fault}`,
      `  ${plainText(cell.reason)}`,
      `  ${factsOf(cell)}`,
      ...(cell.isStuck ? ['  Stuck: after the fault no request was answered any more.'] : []),
    ]),
    ...reasonsOf(leftOut),
  ].join('\n');
}

export function columnOf({ provider, transport }: CellKey): string {
  return `${provider}/${transport}`;
}

/** What a cell keeps, or its finding where that says more. */
export function cellWord(cell: MatrixCell | undefined): string {
  if (cell === undefined) return absent;
  if (cell.gatewayEnded !== null) return 'ENDED';
  const word = cell.finding === 'leak' ? `LEAK ${keptWord(cell)}` : cell.finding;
  return cell.isStuck ? `${word}, stuck` : word;
}

function keptWord({ metric, perRequest }: MatrixCell): string {
  const { unit } = metrics[metric ?? 'heapBytes'];
  const rate = writeValue(perRequest?.estimate ?? Number.NaN, unit);
  return unit === 'bytes' || metric === null ? rate : `${rate} ${metricLabels[metric]}`;
}

export function factsOf(cell: MatrixCell): string {
  const { peakBytes, recoveryMs, socketsLeft, fdsLeft, requests } = cell;
  const unit = metrics[cell.metric ?? 'heapBytes'].unit;
  return [
    `per request ${writeRate(cell.perRequest, unit)}`,
    `peak ${peakBytes === null ? absent : writeBytes(peakBytes)}`,
    `answers again after ${writeMs(recoveryMs)}`,
    `sockets left ${socketsLeft ?? absent}, descriptors ${fdsLeft ?? absent}`,
    `p50 ${writeMs(cell.latencyP50Ms)}, p99 ${writeMs(cell.latencyP99Ms)}`,
    `${requests.total} requests, ${requests.failed} failed, ${requests.aborted} aborted`,
  ].join('; ');
}

function reasonsOf(leftOut: readonly Why[]): readonly string[] {
  const byReason = Map.groupBy(leftOut, ({ why }) => why);
  if (byReason.size === 0) return [];
  const lines = [...byReason].map(([why, cells]) => {
    const names = [...Map.groupBy(cells, columnOf)].map(
      ([column, of]) => `${of.map(({ fault }) => fault.split(';')[0]).join(', ')} on ${column}`,
    );
    return `  ${names.join('; ')}: ${why}`;
  });
  return ['Cells that cannot be, and why:', ...lines];
}

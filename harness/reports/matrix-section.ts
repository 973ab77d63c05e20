// The matrix in the HTML report: a heat map of faults against providers and transports, as a table
// that reads without colours, and the figures of every cell.

import type { MatrixCell } from '../checkers/matrix-cells.ts';
import { metrics } from '../series/metrics.ts';
import { type Cell, dataTable } from './data-table.ts';
import { type Markup, markup } from './markup.ts';
import { cellWord, columnOf } from './matrix-table.ts';
import { absent, writeBytes, writeMs, writeRate } from './numbers.ts';

export function matrixSection(cells: readonly MatrixCell[]): Markup {
  const columns = [...new Set(cells.map(columnOf))];
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const rows = faults.map((fault) => [
    { text: fault, className: 'code' },
    ...columns.map((column) =>
      heatCell(cells.find((cell) => cell.fault === fault && columnOf(cell) === column)),
    ),
  ]);
  return markup`<section class="scenario" aria-labelledby="matrix-title">
<h2 id="matrix-title">What each fault leaves behind</h2>
<p class="introduction">Kept per request, by fault and by how the gateway reaches its provider; the
deeper the colour, the more. Where a fault cannot be, "${absent}" stands; "stuck": after it no request was answered any more.</p>
${dataTable({ caption: 'Heat map of the matrix.', head: ['Fault', ...columns], rows })}
<details><summary>${cells.length} cells in figures</summary>
${dataTable({
  caption: 'Peak: resident memory above that before the cell. Answers: after the fault was healed.',
  head: [
    'Cell',
    'Finding',
    'Per request',
    'Peak',
    'Answers again',
    'Sockets left',
    'Descriptors left',
    'p50',
    'p99',
    'Requests',
  ],
  rows: cells.map(figuresOf),
})}</details>
</section>`;
}

/** Upper ends of the steps of colour, in bytes per request. */
const steps = [1024, 4096, 16_384];

function heatCell(cell: MatrixCell | undefined): Cell {
  const finding = cell?.finding ?? '';
  const text = cellWord(cell);
  if (cell?.finding !== 'leak') return { text, className: `heat ${finding}` };
  const isBytes = metrics[cell.metric ?? 'heapBytes'].unit === 'bytes';
  const kept = cell.perRequest?.estimate ?? 0;
  // Sockets and descriptors have no size: each is as bad as the worst.
  const step = isBytes ? steps.filter((end) => kept >= end).length : steps.length;
  return { text, className: `heat leak heat-${step}` };
}

function figuresOf(cell: MatrixCell): readonly Cell[] {
  const { unit } = metrics[cell.metric ?? 'heapBytes'];
  const figures = [
    writeRate(cell.perRequest, unit),
    cell.peakBytes === null ? absent : writeBytes(cell.peakBytes),
    writeMs(cell.recoveryMs),
    String(cell.socketsLeft ?? absent),
    String(cell.fdsLeft ?? absent),
    writeMs(cell.latencyP50Ms),
    writeMs(cell.latencyP99Ms),
    String(cell.requests.total),
  ];
  return [
    { text: `${columnOf(cell)} ${cell.fault}`, className: 'code' },
    { text: cell.finding, className: `finding ${cell.finding}` },
    ...figures.map((text) => ({ text, className: 'number' })),
  ];
}

// How often the leak experiment is right, on synthetic processes: run with
//   node test/bench/detector-rates.ts [series per row, default 2000]
// The reduced version with asserted bounds is test/harness/checkers/detector-rates.slow.ts.

import { smokeExperiment } from '../../harness/checkers/experiment-options.ts';
import { type DetectorRow, detectorRows, measureRow } from '../fixtures/detector-rows.ts';

const count = Number(process.argv[2] ?? 2000);
const only = process.argv[3];
const columns = ['growth-sustained', 'growth-saturating', 'clean', 'undecided'] as const;
const line = (cells: readonly (string | number)[]) =>
  process.stdout.write(`${cells.map((cell, i) => `${cell}`.padEnd(i ? 18 : 46)).join('')}\n`);

line(['case', ...columns, 'cycles (median)', 'named right']);
detectorRows
  .filter((row) => only === undefined || row.title.includes(only))
  .forEach((row: DetectorRow) => {
    const tally = measureRow(row, count, smokeExperiment);
    const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
    line([
      row.title,
      ...columns.map((column) => percent(tally.findings[column] / count)),
      tally.medianCycles,
      row.resource === undefined ? '' : percent(tally.namedRight / count),
    ]);
  });

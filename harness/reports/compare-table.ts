// Two runs side by side on a terminal: each resource's slope in both, their difference with its
// interval, and the margin it is held against.

import type { Comparison } from '../checkers/compare-verdicts.ts';
import { metrics } from '../series/metrics.ts';
import { alignedColumns } from './aligned-columns.ts';
import { absent, writeRate, writeValue } from './numbers.ts';
import { metricLabels } from './wording.ts';

export function compareTable({ resources, outcome, reason }: Comparison): string {
  const rows = resources.map(({ metric, base, run, difference, margin, result }) => {
    const { unit } = metrics[metric];
    return [
      metricLabels[metric],
      base === null ? absent : writeRate(base, unit),
      run === null ? absent : writeRate(run, unit),
      difference === null ? absent : writeRate(difference, unit),
      writeValue(margin, unit),
      result,
    ];
  });
  const head = ['per request', 'base', 'run', 'difference', 'margin', 'result'];
  return [...alignedColumns(head, rows), '', `${outcome}: ${reason}`, ''].join('\n');
}

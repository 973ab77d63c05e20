// What each set of versions retains per call, on a terminal, beside what was published.

import type { Repro } from '../repro/repro.ts';
import { metrics } from '../series/metrics.ts';
import type { Verdict } from '../verdict.ts';
import { absent, writeRate, writeValue } from './numbers.ts';
import { metricLabels, principalResource } from './wording.ts';

export interface ReproRow {
  readonly label: string;
  readonly verdict: Verdict;
  readonly dir: string;
  readonly expected?: 'leak' | 'bounded' | 'clean';
}

const titles = ['versions', 'finding', 'resource', 'per call', 'resolution', 'calls'] as const;

export function reproTable(repro: Repro, rows: readonly ReproRow[]): string {
  const cells = [titles as readonly string[], ...rows.map(cellsOf)];
  const widths = titles.map((_, column) =>
    Math.max(...cells.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const about =
    repro.reference === ''
      ? []
      : ['', `${repro.title}.`, `Published: ${repro.published} (${repro.reference})`];
  const suspects = rows
    .flatMap(({ verdict }) => verdict.suspects.slice(0, 1))
    .map(({ name, file, line: at }) => `Allocated by ${name} (${file}:${at})`);
  return [line(head), rule, ...body.map(line), ...suspects, ...about].join('\n');
}

function cellsOf({ label, verdict }: ReproRow): readonly string[] {
  const resource = principalResource(verdict);
  const unit = resource === null ? 'bytes' : metrics[resource.metric].unit;
  const resolution = resource?.resolution ?? null;
  return [
    label,
    verdict.finding,
    verdict.resource === null ? absent : metricLabels[verdict.resource],
    writeRate(resource?.perRequest ?? verdict.retainedBytesPerRequest, unit),
    resolution === null ? absent : writeValue(resolution, unit),
    String(verdict.requests.total),
  ];
}

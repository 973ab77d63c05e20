// What each set of versions retains per call, on a terminal, beside what was published.

import type { Repro } from '../repro/repro.ts';
import { metrics } from '../series/metrics.ts';
import type { Finding, Suspect, Verdict } from '../verdict.ts';
import { alignedColumns } from './aligned-columns.ts';
import { absent, writeRate, writeValue } from './numbers.ts';
import { metricLabels, principalResource } from './wording.ts';

export interface ReproRow {
  readonly label: string;
  readonly packages: readonly string[];
  readonly node: string;
  readonly verdict: Verdict;
  readonly dir: string;
  readonly expected?: Finding;
}

/** A mended version may still fill a cache: it is acquitted when it does not leak. */
export function isAsExpected({ expected, verdict: { finding } }: ReproRow): boolean {
  return finding === expected || (expected === 'clean' && finding === 'bounded');
}

const titles = ['versions', 'finding', 'resource', 'per call', 'resolution', 'calls'] as const;

export function reproTable(repro: Repro, rows: readonly ReproRow[]): string {
  const table = alignedColumns(titles, rows.map(cellsOf));
  return [...table, ...rows.flatMap(aboutRow), ...about(repro)].join('\n');
}

/** What a table has no room for: who allocated it, and why nothing could be told. */
export function aboutRow(row: ReproRow): readonly string[] {
  const { label, verdict } = row;
  const suspects = firstOfKinds(verdict.suspects).map(({ name, file, line, kind, path }) =>
    kind === 'function'
      ? `${label}: allocated by ${name} (${file}:${line})`
      : `${label}: kept by ${path ?? name} (${file}:${line})`,
  );
  const isUnclear = verdict.outcome === 'inconclusive' || verdict.requests.failed > 0;
  const isOdd = row.expected !== undefined && !isAsExpected(row);
  return [
    ...suspects,
    ...(isOdd ? [`${label}: published as ${row.expected}, found ${verdict.finding}`] : []),
    ...(isUnclear ? [`${label}: ${verdict.reason}`] : []),
  ];
}

/** Who allocated it and what keeps it; the largest of each. */
function firstOfKinds(suspects: readonly Suspect[]): readonly Suspect[] {
  const groups = Map.groupBy(suspects, ({ kind }) => kind === 'function');
  return [true, false].flatMap((isFunction) => groups.get(isFunction)?.slice(0, 1) ?? []);
}

function about({ title, trigger, published, reference }: Repro): readonly string[] {
  if (reference === undefined) return [];
  return ['', `${title}.`, `Trigger: ${trigger}.`, `Published: ${published} (${reference}).`];
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

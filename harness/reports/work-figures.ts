// Plots along work: the level of each resource against the requests served so far, with the slope
// the verdict speaks of and the smallest one it would have called a leak. Levels are drawn as the
// change since the first, because a slope of bytes is invisible on an axis of megabytes.

import type { RunRecord } from '../record.ts';
import { type MetricName, metrics } from '../series/metrics.ts';
import type { Level } from '../series/sample.ts';
import { median } from '../stats/median.ts';
import type { ResourceFinding, Verdict } from '../verdict.ts';
import { type Figure, type FigureSeries, rounded } from './figure.ts';
import { byteStep, writeRate, writeValue } from './numbers.ts';
import { downsample, type PlotSeries } from './plot-data.ts';
import { metricLabels } from './wording.ts';

export function workFigures(record: RunRecord, verdict: Verdict, prefix: string): Figure[] {
  const names = new Set(record.levels.flatMap((level) => Object.keys(level.values)));
  const judged = verdict.resources.map((resource) => resource.metric);
  const order: MetricName[] = [...judged, ...(Object.keys(metrics) as MetricName[])];
  return (
    [...new Set(order)]
      // CPU time rises with work by nature; nothing can be read off it here.
      .filter((name) => names.has(name) && name !== 'cpuMs')
      .map((name) => levelFigure(record, verdict, name, prefix))
  );
}

function levelFigure(
  record: RunRecord,
  verdict: Verdict,
  name: MetricName,
  prefix: string,
): Figure {
  const levels = servedBefore(record.levels).filter((level) => level.values[name] !== undefined);
  const values = levels.map((level) => level.values[name] ?? 0);
  const first = values[0] ?? 0;
  const x = levels.map((level) => level.served);
  const points = { x, y: values.map((value) => value - first) };
  const judged = judgedPhase(record);
  const isJudged = levels.map((level) => judged === null || level.phase === judged);
  const basis = {
    x: points.x.filter((_, index) => isJudged[index]),
    y: points.y.filter((_, index) => isJudged[index]),
  };
  const finding = verdict.resources.find((resource) => resource.metric === name) ?? null;
  const raw: FigureSeries[] = [
    { label: 'level', style: 'points', color: 0, ...downsample(points.x, points.y) },
    ...slopes(basis, finding),
  ];
  const { unit } = metrics[name];
  const largest = Math.max(0, ...raw.flatMap(({ y }) => y.map(Math.abs)));
  const step = unit === 'bytes' ? byteStep(largest) : { factor: 1, name: unit };
  return {
    id: `${prefix}-level-${name}`,
    title: capitalised(metricLabels[name]),
    xLabel: 'requests served',
    yLabel: `change (${step.name})`,
    xRange: [0, Math.max(1, ...x)],
    series: raw.map((series) => ({
      ...series,
      ...rounded({ x: series.x, y: series.y.map((value) => value / step.factor) }),
    })),
    phases: [],
    windows: [],
    note: note(first, finding, name),
    isSmall: true,
  };
}

/** Each level with the requests served since the run began, whatever phase it belongs to. */
function servedBefore(levels: readonly Level[]): readonly (Level & { readonly served: number })[] {
  let served = 0;
  return levels.map((level) => {
    served += level.requests;
    return { ...level, served };
  });
}

/** The phase whose levels the leak experiment regressed; lines are drawn over it alone. */
function judgedPhase({ levels }: RunRecord): string | null {
  return levels.some(({ phase }) => phase === 'stress') ? 'stress' : null;
}

/** Theil-Sen: the verdict's slope through the median of what is left after taking it away. */
function slopes({ x, y }: PlotSeries, finding: ResourceFinding | null): FigureSeries[] {
  const [from, to] = [x[0], x.at(-1)];
  if (from === undefined || to === undefined || to === from || finding === null) return [];
  const line = (slope: number, intercept: number): PlotSeries => ({
    x: [from, to],
    y: [intercept + slope * from, intercept + slope * to],
  });
  const lines: FigureSeries[] = [];
  if (finding.perRequest !== null) {
    const slope = finding.perRequest.estimate;
    const intercept = median(y.map((value, index) => value - slope * (x[index] ?? 0))) ?? 0;
    lines.push({ label: 'slope', style: 'trend', color: 1, ...line(slope, intercept) });
  }
  // In a run that leaks, the resolution is no line that the levels could be held against.
  if (finding.resolution !== null && finding.finding !== 'leak') {
    const limit = line(finding.resolution, (y[0] ?? 0) - finding.resolution * from);
    lines.push({ label: 'smallest visible leak', style: 'limit', color: 4, ...limit });
  }
  return lines;
}

function note(first: number, finding: ResourceFinding | null, name: MetricName): string {
  const { unit } = metrics[name];
  const start = `First level ${writeValue(first, unit)}.`;
  if (finding?.perRequest == null) return start;
  return `${start} Slope ${writeRate(finding.perRequest, unit)} per request.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// Plots along time: memory, descriptors, the billing queue, and the latency of each request.

import type { RunRecord } from '../record.ts';
import type { MetricName } from '../series/metrics.ts';
import { seriesOf } from '../series/series.ts';
import { faultSpans } from './fault-windows.ts';
import { type Figure, type FigureSeries, rounded } from './figure.ts';
import { downsample } from './plot-data.ts';
import { durationMs } from './reporter.ts';
import { metricLabels } from './wording.ts';

type Chosen = readonly (readonly [metric: MetricName, color: number])[];

const memory: Chosen = [
  ['rssBytes', 0],
  ['heapBytes', 1],
  ['externalBytes', 2],
];
const pauses: Chosen = [
  ['youngGcPauseMs', 0],
  ['fullGcPauseMs', 1],
];
const descriptors: Chosen = [
  ['socketCount', 0],
  ['fdCount', 1],
];

export function timeFigures(record: RunRecord, prefix: string): Figure[] {
  const base = timeBase(record);
  const measured = (id: string, title: string, yLabel: string, chosen: Chosen, note: string) =>
    figureOf(record, chosen, yLabel === 'MiB' ? 1 / 1024 ** 2 : 1, {
      ...base,
      id: `${prefix}-${id}`,
      title,
      yLabel,
      note,
    });
  return [
    measured('memory', 'Memory over time', 'MiB', memory, ''),
    measured('descriptors', 'Sockets and file descriptors', 'open', descriptors, ''),
    measured('queue', 'Billing queue', 'events waiting', [['queueDepth', 3]], ''),
    asPoints(measured('collections', 'Collections of garbage', 'ms', pauses, collectionsNote)),
    latencyFigure(record, prefix),
  ].filter((figure) => figure.series.length > 0);
}

const collectionsNote =
  'Each point is one collection: when it was, and how long the gateway paused.';

/** Single events, between which nothing goes on. */
function asPoints(figure: Figure): Figure {
  return { ...figure, series: figure.series.map((series) => ({ ...series, style: 'points' })) };
}

function timeBase(record: RunRecord) {
  const runMs = durationMs(record);
  return {
    xLabel: 'time since start (s)',
    xRange: [0, Math.max(1, runMs / 1000)] as const,
    phases: record.phases.map(({ name, startMs, endMs }) => ({
      name,
      fromS: startMs / 1000,
      toS: (endMs ?? runMs) / 1000,
    })),
    windows: faultSpans(record.injections, runMs).map(({ label, fromS, toS }) => ({
      label,
      fromS,
      toS,
    })),
    isSmall: false,
  };
}

function figureOf(
  record: RunRecord,
  chosen: Chosen,
  factor: number,
  rest: Omit<Figure, 'series'>,
): Figure {
  const all = seriesOf(record.samples);
  const series = chosen.flatMap(([name, color]): FigureSeries[] => {
    const found = all.get(name);
    if (found === undefined) return [];
    const { x, y } = downsample(found.timesMs, found.values);
    const scaled = { x: x.map((ms) => ms / 1000), y: y.map((value) => value * factor) };
    return [{ label: metricLabels[name], style: 'line', color, ...rounded(scaled) }];
  });
  return { ...rest, series };
}

function latencyFigure(record: RunRecord, prefix: string): Figure {
  const requests = record.requests.toSorted((a, b) => a.startMs - b.startMs);
  const begun = requests.filter((request) => request.ttftMs !== null);
  const ended = requests.filter((request) => request.outcome === 'ok');
  const points = (label: string, color: number, rows: typeof requests, y: number[]) => ({
    label,
    style: 'points' as const,
    color,
    ...rounded(
      downsample(
        rows.map((row) => row.startMs / 1000),
        y,
      ),
    ),
  });
  const series = [
    points(
      'end to end, complete answers',
      1,
      ended,
      ended.map((row) => row.endMs - row.startMs),
    ),
    points(
      'time to first token',
      0,
      begun,
      begun.map((row) => row.ttftMs ?? 0),
    ),
  ];
  return {
    ...timeBase(record),
    id: `${prefix}-latency`,
    title: 'Latency of each request',
    yLabel: 'ms',
    note: 'By the time the request was sent.',
    series: series.filter(({ x }) => x.length > 0),
  };
}

// What a plot shows, as data: the page's script draws it, the document describes it in words. Made
// from a record by time-figures.ts and work-figures.ts.

import type { PhaseMark } from '../record.ts';
import type { PlotSeries } from './plot-data.ts';

/**
 * line    readings along time
 * points  single observations
 * trend   the fitted line the verdict speaks of
 * limit   the smallest slope that would have been called a leak
 */
export type SeriesStyle = 'line' | 'points' | 'trend' | 'limit';

export interface FigureSeries extends PlotSeries {
  readonly label: string;
  readonly style: SeriesStyle;
  /** Index into the page's palette. */
  readonly color: number;
}

export interface FaultWindow {
  readonly label: string;
  readonly fromS: number;
  readonly toS: number;
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xRange: readonly [number, number];
  readonly series: readonly FigureSeries[];
  readonly phases: readonly (Pick<PhaseMark, 'name'> & { fromS: number; toS: number })[];
  readonly windows: readonly FaultWindow[];
  /** One sentence below the plot. */
  readonly note: string;
  readonly isSmall: boolean;
}

/** Keeps page size bounded and JSON readable: six digits are more than a screen shows. */
export function rounded({ x, y }: PlotSeries): PlotSeries {
  const round = (value: number) => Number(value.toPrecision(6));
  return { x: x.map(round), y: y.map(round) };
}

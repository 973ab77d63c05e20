// From samples to a judgement: the median against the bar, with the spread beside it.

import { median } from '../../../harness/stats/median.ts';
import { quantile } from '../../../harness/stats/quantile.ts';
import type { Bar, Figure } from './bench.ts';

export interface Judged extends Figure {
  readonly median: number;
  /** Quartiles. */
  readonly low: number;
  readonly high: number;
  readonly isMet: boolean;
}

/** A figure without samples, or with one that is no number, has missed its bar. */
export function judge(figure: Figure): Judged {
  const of = (share: number) => quantile(figure.samples, share) ?? Number.NaN;
  const middle = median(figure.samples) ?? Number.NaN;
  return {
    ...figure,
    median: middle,
    low: of(0.25),
    high: of(0.75),
    isMet: reaches(middle, figure.bar),
  };
}

/** True where one of the quartiles is on the bar's other side: worth a second run. */
export function isNear({ low, high, bar }: Judged): boolean {
  return reaches(low, bar) !== reaches(high, bar);
}

function reaches(value: number, bar: Bar): boolean {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}

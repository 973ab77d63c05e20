// One channel of the leak experiment: does its level grow with work, and does the growth last?
// Replays the levels in order, so the answer depends on nothing but them. leak-experiment.ts puts
// the channels together.
//
//   watching ──growth at a look──► growing ──fresh levels grow as before──► sustained (final)
//      ▲                              │ └── slower, but still growing: rebase, go on growing
//      └────────growth stopped────────┘     (then `stoppedRise` says how much it had risen)

import type { MetricName } from '../series/metrics.ts';
import { conformalMartingale } from '../stats/conformal.ts';
import { growthExponent } from '../stats/exponent.ts';
import { kendall } from '../stats/kendall.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { RatePerRequest } from '../verdict.ts';
import type { ChannelRule, ExperimentOptions } from './experiment-options.ts';

/** A level of one channel against the requests done so far. */
export interface Point {
  readonly work: number;
  readonly value: number;
}

export interface ChannelHistory {
  readonly metric: MetricName;
  readonly stage: 'watching' | 'growing' | 'sustained';
  /** Levels so far; the cycle at which the stage was entered. */
  readonly count: number;
  readonly since: number;
  /** Over the last window, or since growth began; null with too few levels. */
  readonly rate: RatePerRequest | null;
  readonly resolution: number | null;
  readonly exponent: number | null;
  /** Rise up to where growth was seen to stop; 0 when it never grew. */
  readonly stoppedRise: number;
}

interface Fit extends RatePerRequest {
  readonly p: number;
  /** Requests done at the middle of the window, counted from the process's first. */
  readonly work: number;
  readonly rise: number;
}

interface Growth {
  readonly at: number;
  readonly early: Fit;
}

/** How one channel stands after these levels; `isLast` when no further level will come. */
export function followChannel(
  metric: MetricName,
  points: readonly Point[],
  rule: ChannelRule,
  options: ExperimentOptions,
  isLast: boolean,
): ChannelHistory {
  let growth: Growth | null = null;
  let sustainedAt: number | null = null;
  let exponent: number | null = null;
  let stoppedRise = 0;
  let restart = 0;
  for (let count = options.minWindow; count <= points.length; count++) {
    const seen = points.slice(0, count);
    const isEnd = isLast && count === points.length;
    if (growth === null) {
      if (!isEnd && !options.looks.includes(count)) continue;
      const fit = fitOf(windowOf(seen, restart, options), options);
      if (fit !== null && isGrowth(fit, rule, options.alpha)) growth = { at: count, early: fit };
      continue;
    }
    const fresh = count - growth.at;
    if (fresh < (isEnd ? options.lastConfirmCycles : options.confirmCycles)) continue;
    const late = fitOf(seen.slice(growth.at - 1), options);
    if (late === null) continue;
    exponent = growthExponent(
      { slope: growth.early.estimate, work: growth.early.work },
      { slope: late.estimate, work: late.work },
    );
    const isSustained =
      isGrowth(late, rule, options.confirmAlpha) &&
      (exponent ?? 0) >= options.minExponent &&
      refutesSlowing(growth.early, late, options) &&
      (isEnd || wealthOf(seen.slice(restart)) >= options.stopWealth);
    if (isSustained) {
      sustainedAt = count;
      break;
    }
    if (hasStopped(late, growth.early, rule, options)) {
      stoppedRise += valueAt(points, growth.at) - valueAt(points, 1);
      restart = growth.at - 1;
      growth = null;
    } else if (fresh >= 2 * options.confirmCycles) {
      growth = { at: count, early: late };
    }
  }
  const begin = growth === null ? restart : growth.at - 1;
  const fit = fitOf(windowOf(points, begin, options), options);
  return {
    metric,
    stage: sustainedAt !== null ? 'sustained' : growth !== null ? 'growing' : 'watching',
    count: points.length,
    since: sustainedAt ?? growth?.at ?? 0,
    rate: fit && rateOf(fit),
    resolution: fit && resolutionOf(fit, rule, sustainedAt !== null),
    exponent,
    stoppedRise,
  };
}

/** The last part of the levels, not reaching back before `from` while enough are left after it. */
function windowOf(
  points: readonly Point[],
  from: number,
  options: ExperimentOptions,
): readonly Point[] {
  const length = Math.max(options.minWindow, Math.ceil(options.windowShare * points.length));
  const start = Math.max(0, points.length - length);
  const latest = Math.max(0, points.length - options.minWindow);
  return points.slice(Math.min(latest, Math.max(start, from)));
}

function fitOf(window: readonly Point[], options: ExperimentOptions): Fit | null {
  const work = window.map((point) => point.work);
  const values = window.map((point) => point.value);
  const slope = theilSen(work, values, options.confidence);
  if (slope === null || slope.interval === null) return null;
  const first = work[0] ?? 0;
  const last = work.at(-1) ?? first;
  return {
    estimate: slope.slope,
    ...slope.interval,
    confidence: options.confidence,
    // All values equal: nothing rises, which is no evidence of growth.
    p: kendall(work, values)?.pUpper ?? 1,
    work: options.requestsBefore + (first + last) / 2,
    rise: slope.slope * (last - first),
  };
}

function isGrowth(fit: Fit, rule: ChannelRule, alpha: number): boolean {
  return fit.p < alpha && fit.low > 0 && fit.estimate > rule.delta && fit.rise >= rule.minRise;
}

/** The fresh slope, at its lowest, is still more than such slowing growth would have now. */
function refutesSlowing(early: Fit, late: Fit, options: ExperimentOptions): boolean {
  const least = growthExponent(
    { slope: early.estimate, work: early.work },
    { slope: late.low, work: late.work },
  );
  return least !== null && least > options.refutedExponent;
}

/** How sure the order of these levels is no chance, however often one has looked before. */
function wealthOf(points: readonly Point[]): number {
  return conformalMartingale(points.map((point) => point.value))?.at(-1) ?? 0;
}

/** Either nothing worth naming is left of the slope, or surely less than half and no trend. */
function hasStopped(late: Fit, early: Fit, rule: ChannelRule, options: ExperimentOptions): boolean {
  if (late.high <= rule.deltaClean) return true;
  return late.p >= options.confirmAlpha && late.high < early.estimate / 2;
}

function rateOf(fit: Fit): RatePerRequest {
  const { estimate, low, high, confidence } = fit;
  return { estimate, low, high, confidence };
}

/**
 * A flat channel may hide a leak up to its upper bound. Where one was found, the bound holds that
 * leak itself, and only the noise around it says what a smaller one would have needed.
 */
function resolutionOf(fit: Fit, rule: ChannelRule, isSustained: boolean): number {
  const noise = fit.estimate - fit.low;
  return Math.max(rule.delta, noise, isSustained ? 0 : fit.high);
}

function valueAt(points: readonly Point[], position: number): number {
  return points[position - 1]?.value ?? 0;
}

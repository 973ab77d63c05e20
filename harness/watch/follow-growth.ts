// Does the floor of memory grow, and does the growth go on? One scale of windows; detector.ts puts
// the scales together. Asked anew with every window, of the windows that are kept:
//
//   1. does their order matter?  the change detector; looking often adds no error
//   2. by how much?              Theil-Sen slope against work over the last stretch
//   3. does it go on?            four parts of the stretch, each above the last by as much, and
//                                the later half not slower than the earlier (growth exponent)
//
// 1 and 2 make a process suspicious, 3 as well makes it leak. What fills up or came in a step fails
// at 3, and is forgotten once the last stretch no longer rises.
//
// Traffic is no excuse and no accusation: where the pace of work rose by a tenth, memory may have
// risen by a tenth, so before two windows are compared the later one is made smaller by as much.

import { growthExponent } from '../stats/exponent.ts';
import { median } from '../stats/median.ts';
import { changeDetector } from '../stats/shiryaev-roberts.ts';
import { theilSen } from '../stats/theil-sen.ts';
import type { Window } from './window.ts';

export interface GrowthRules {
  /** Windows that are kept and compared. */
  readonly size: number;
  /** Evidence from which growth is no chance. */
  readonly threshold: number;
  /** Of the shortest windows, over how many growth must have gone on evenly; and of any. */
  readonly sustainedWindows: number;
  readonly leastWindows: number;
  /** Growth exponent from which it does not slow down; 1 is a straight line. */
  readonly minExponent: number;
  /** Growth of this exponent must be refuted by the intervals; ½ is a square root. */
  readonly refutedExponent: number;
  /** Of the mean step from part to part, what the smallest must be. */
  readonly minStep: number;
  /** In how many windows in a row all that must have held. */
  readonly persistWindows: number;
  readonly confidence: number;
}

export interface GrowthFit {
  /** Bytes per unit of work; per millisecond where none is done. */
  readonly slope: number;
  readonly isByTime: boolean;
  readonly low: number;
  readonly high: number;
  /** By its straight line, over the windows that were fitted. */
  readonly rise: number;
  /** From their first to their middle. */
  readonly work: number;
}

export type GrowthStage = 'watching' | 'growing' | 'leaking';

export interface GrowthFollower {
  /** `minRise`: growth by less over the stretch is to be expected of this process. */
  add(window: Window, minRise: (floorBytes: number) => number): void;
  readonly stage: GrowthStage;
  readonly evidence: number;
  /** Over the last stretch; null while watching. */
  readonly fit: GrowthFit | null;
}

/** `scale`: each of its windows is 2^scale of the shortest. */
export function growthFollower(scale: number, rules: GrowthRules): GrowthFollower {
  const count = Math.max(rules.leastWindows, Math.ceil(rules.sustainedWindows / 2 ** scale));
  const ranks = changeDetector(rules.size);
  let windows: Window[] = [];
  let stage: GrowthStage = 'watching';
  let fit: GrowthFit | null = null;
  let evenCount = 0;
  return {
    add(window, minRise) {
      if (windows.length === rules.size) windows.shift();
      windows.push(window);
      ranks.add((position) => standing(windows[position] ?? window, window));
      if (ranks.evidence < rules.threshold) {
        [stage, fit, evenCount] = ['watching', null, 0];
        return;
      }
      const stretch = levelled(windows.slice(-count));
      fit = fitOf(stretch, rules.confidence);
      const isRising = fit !== null && fit.low > 0;
      if (fit === null || !isRising || fit.rise < minRise(stretch[0]?.floorBytes ?? 0)) {
        [stage, evenCount] = ['watching', 0];
        if (isRising || stretch.length < count) return;
        windows = windows.slice(-count);
        ranks.keep(count);
        return;
      }
      const isEven = stretch.length >= count && goesOn(stretch, rules);
      evenCount = isEven ? evenCount + 1 : 0;
      if (evenCount >= rules.persistWindows) stage = 'leaking';
      else if (stage !== 'leaking') stage = 'growing';
    },
    get stage() {
      return stage;
    },
    get evidence() {
      return ranks.evidence;
    },
    get fit() {
      return stage === 'watching' ? null : fit;
    },
  };
}

function standing(earlier: Window, later: Window): number {
  const allowed = earlier.floorBytes * ratio(later.pace, earlier.pace);
  return allowed > later.floorBytes ? 1 : allowed === later.floorBytes ? 0.5 : 0;
}

/** How much more there may be at the later pace. */
function ratio(later: number, earlier: number): number {
  return later <= earlier ? 1 : later / earlier;
}

/** The same without what more traffic than in the first window accounts for. */
function levelled(windows: readonly Window[]): readonly Window[] {
  const pace = windows[0]?.pace ?? 0;
  return windows.map((window) => ({
    ...window,
    floorBytes: window.floorBytes / ratio(window.pace, pace),
  }));
}

function fitOf(windows: readonly Window[], confidence: number): GrowthFit | null {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return null;
  const isAtWork = last.work > first.work;
  const places = windows.map(({ work, endMs }) => (isAtWork ? work : endMs));
  const floors = windows.map(({ floorBytes }) => floorBytes);
  const found = theilSen(places, floors, confidence);
  if (found === null || found.interval === null) return null;
  const span = (places.at(-1) ?? 0) - (places[0] ?? 0);
  const { slope, interval } = found;
  return { slope, isByTime: !isAtWork, ...interval, rise: slope * span, work: span / 2 };
}

const partCount = 4;

function goesOn(stretch: readonly Window[], rules: GrowthRules): boolean {
  const size = stretch.length / partCount;
  const middles = Array.from({ length: partCount }, (_, part) => {
    const windows = stretch.slice(Math.round(part * size), Math.round((part + 1) * size));
    return median(windows.map(({ floorBytes }) => floorBytes)) ?? 0;
  });
  const steps = middles.slice(1).map((middle, part) => middle - (middles[part] ?? 0));
  const mean = ((middles.at(-1) ?? 0) - (middles[0] ?? 0)) / steps.length;
  if (Math.min(...steps) < rules.minStep * mean) return false;
  const half = stretch.length >> 1;
  const early = fitOf(stretch.slice(0, half), rules.confidence);
  const late = fitOf(stretch.slice(half), rules.confidence);
  if (early === null || late === null) return false;
  const before = (stretch[half]?.work ?? 0) - (stretch[0]?.work ?? 0);
  const lateWork = before + late.work;
  const exponent = growthExponent(early, { slope: late.slope, work: lateWork });
  const least = growthExponent(
    { slope: early.high, work: early.work },
    { slope: late.low, work: lateWork },
  );
  return (exponent ?? 0) >= rules.minExponent && (least ?? 0) >= rules.refutedExponent;
}

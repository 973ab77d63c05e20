// Is the process leaking? Readings in, a judgement out, at any time. Recent windows are short and
// old ones long: the same test runs at every scale, so a fast leak is found within minutes and a
// slow one within hours, in memory that does not grow with the length of the watch.

import {
  type GrowthFit,
  type GrowthFollower,
  type GrowthRules,
  growthFollower,
} from './follow-growth.ts';
import { merged, type Reading, type Window } from './window.ts';
import { windowMaker } from './window-maker.ts';

export interface DetectorOptions extends GrowthRules {
  /** The shortest windows, the one measure of time; each scale has windows of two of the last. */
  readonly windowMs: number;
  readonly scaleCount: number;
  /** Growth by less than this is to be expected; the larger of the two counts. */
  readonly leastRise: number;
  readonly leastRiseShare: number;
  /** Bytes that the process may add to its first floor: its caches, where their size is known. */
  readonly allowedRise: number;
  /** First windows of a process, which are not looked at. */
  readonly warmUpWindows: number;
  /** A process younger than this is not accused: it may still be filling its caches. */
  readonly youngWindows: number;
}

/**
 * learning    too little was seen since the target began
 * suspicious  memory grows with work, and whether it stops is not known yet
 */
export type WatchState = 'learning' | 'ok' | 'suspicious' | 'leaking';

export interface Judgement {
  readonly state: WatchState;
  readonly evidence: number;
  readonly fit: GrowthFit | null;
  /** Low of the last window; null before there is one. */
  readonly floorBytes: number | null;
  /** Work per second of late. */
  readonly pace: number;
  /** Since the target began, or began anew. */
  readonly learntMs: number;
}

export interface Detector {
  /** True when the reading completed a window, and so the judgement may be another. */
  add(reading: Reading): boolean;
  /** The target began anew: what it keeps is learnt anew. */
  restart(): void;
  readonly judgement: Judgement;
}

export const watchRules: DetectorOptions = {
  windowMs: 20_000,
  scaleCount: 12,
  size: 56,
  threshold: 1e6,
  sustainedWindows: 51,
  leastWindows: 18,
  minExponent: 0.85,
  refutedExponent: 0.7,
  minStep: 0.65,
  persistWindows: 8,
  confidence: 0.99,
  leastRise: 12 * 1024 ** 2,
  leastRiseShare: 0.06,
  allowedRise: 0,
  warmUpWindows: 6,
  youngWindows: 79,
};

interface Life {
  readonly scales: readonly GrowthFollower[];
  /** Of each scale the window that waits for its neighbour. */
  readonly halves: (Window | null)[];
  windowCount: number;
  last: Window | null;
  firstFloor: number;
  startMs: number;
  lastMs: number;
}

export function createDetector(options: Partial<DetectorOptions> = {}): Detector {
  const rules = { ...watchRules, ...options };
  const maker = windowMaker(rules.windowMs);
  let life: Life | null = null;
  const feed = (scales: Life, scale: number, window: Window) => {
    const follower = scales.scales[scale];
    if (follower === undefined) return;
    const isAllowed = window.floorBytes <= scales.firstFloor + rules.allowedRise;
    follower.add(window, (floorBytes) =>
      isAllowed
        ? Number.POSITIVE_INFINITY
        : Math.max(rules.leastRise, rules.leastRiseShare * floorBytes),
    );
    const waiting = scales.halves[scale] ?? null;
    scales.halves[scale] = waiting === null ? window : null;
    if (waiting !== null) feed(scales, scale + 1, merged(waiting, window));
  };
  return {
    add(reading) {
      life ??= newLife(rules, reading.timeMs);
      life.lastMs = reading.timeMs;
      const window = maker.add(reading);
      if (window === null) return false;
      life.windowCount += 1;
      life.last = window;
      if (life.windowCount <= rules.warmUpWindows) return true;
      life.firstFloor = Math.min(life.firstFloor, window.floorBytes);
      feed(life, 0, window);
      return true;
    },
    restart() {
      maker.restart();
      life = null;
    },
    get judgement() {
      return life === null ? nothingSeen : judge(life, rules);
    },
  };
}

function newLife({ scaleCount, ...rules }: DetectorOptions, startMs: number): Life {
  return {
    scales: Array.from({ length: scaleCount }, (_, scale) => growthFollower(scale, rules)),
    halves: [],
    windowCount: 0,
    last: null,
    firstFloor: Number.POSITIVE_INFINITY,
    startMs,
    lastMs: startMs,
  };
}

const nothingSeen: Judgement = {
  state: 'learning',
  evidence: 0,
  fit: null,
  floorBytes: null,
  pace: 0,
  learntMs: 0,
};

function judge(life: Life, rules: DetectorOptions): Judgement {
  const at = (stage: GrowthFollower['stage']) => life.scales.find((scale) => scale.stage === stage);
  const [leaking, growing] = [at('leaking'), at('growing')];
  const isYoung = life.windowCount < rules.youngWindows;
  const isLearning = life.windowCount < rules.warmUpWindows + rules.size / 2;
  const grown = leaking === undefined ? growing : leaking;
  return {
    state: stateOf(leaking !== undefined && !isYoung, grown !== undefined, isLearning),
    evidence: Math.max(...life.scales.map((scale) => scale.evidence)),
    fit: grown?.fit ?? null,
    floorBytes: life.last?.floorBytes ?? null,
    pace: life.last?.pace ?? 0,
    learntMs: life.lastMs - life.startMs,
  };
}

function stateOf(isLeaking: boolean, isGrowing: boolean, isLearning: boolean): WatchState {
  if (isLeaking) return 'leaking';
  if (isGrowing) return 'suspicious';
  return isLearning ? 'learning' : 'ok';
}

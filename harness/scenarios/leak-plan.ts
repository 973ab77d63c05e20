// The form that most scenarios share: work until it is warm, a baseline, then the work that is
// judged in cycles, each ending at rest with a level, until the leak experiment knows; after a leak
// a rest, to see what is given back.

import {
  type ChannelName,
  type ChannelRule,
  type ExperimentOptions,
  gatewayExperiment,
} from '../checkers/experiment-options.ts';
import type { Arm } from '../load/workload.ts';
import type { CyclesPhase, Phase, Scale } from '../scenario.ts';

export interface LeakScale {
  readonly warmUpRequests: number;
  readonly requestsPerCycle: readonly [low: number, high: number];
  /** A gateway that would take longer for a cycle is sent fewer requests. */
  readonly cycleSeconds: number;
  readonly maxCycles: number;
  readonly maxSeconds: number;
  /** No clean verdict before: longer runs are to see what shorter ones cannot. */
  readonly minCleanCycles: number;
  readonly restSeconds: number;
}

/** Under half a minute, two minutes, more than an hour. */
export const leakScales: Readonly<Record<Scale, LeakScale>> = {
  smoke: {
    warmUpRequests: 400,
    requestsPerCycle: [90, 230],
    cycleSeconds: 1,
    maxCycles: 45,
    maxSeconds: 32,
    minCleanCycles: 9,
    restSeconds: 2,
  },
  ci: {
    warmUpRequests: 800,
    requestsPerCycle: [300, 900],
    cycleSeconds: 4,
    maxCycles: 25,
    maxSeconds: 90,
    minCleanCycles: 13,
    restSeconds: 10,
  },
  full: {
    warmUpRequests: 2000,
    requestsPerCycle: [300, 900],
    cycleSeconds: 15,
    maxCycles: 400,
    maxSeconds: 3600,
    minCleanCycles: 200,
    restSeconds: 330,
  },
};

export interface LeakWork {
  /** Work of each kind that comes later, or its code would be compiled while levels are read. */
  readonly warmUp: readonly Arm[];
  readonly baseline: readonly Arm[];
  readonly stress: readonly Arm[];
  /** What the work is, for the progress line. */
  readonly titles: { readonly baseline: string; readonly stress: string };
  readonly userCount?: number;
  /** Living objects are counted after the baseline and at the end. */
  readonly isCounted?: boolean;
  /** Channels besides those of every gateway. */
  readonly channels?: Readonly<Partial<Record<ChannelName, ChannelRule>>>;
}

const baselineCycles = 3;
const warmUpCycles = 4;
/** A slow gateway is warm after less work, and has less time to drift. */
const warmUpSeconds = 15;

/** The phases in which `isCounted` work is counted. */
export const countPhases = { beforePhase: 'count-before', afterPhase: 'count-after' } as const;

/** Growth is told from warm-up by its exponent, which counts from the process's first request. */
export function leakExperiment(
  { warmUpRequests, requestsPerCycle, minCleanCycles, maxCycles }: LeakScale,
  channels: LeakWork['channels'] = {},
): ExperimentOptions {
  const [low, high] = requestsPerCycle;
  return {
    ...gatewayExperiment,
    requestsBefore: warmUpRequests + (baselineCycles * (low + high)) / 2,
    minCleanCycles,
    looks: looksUpTo(maxCycles),
    channels: { ...gatewayExperiment.channels, ...channels },
  };
}

/** The preset's looks, and further ones a quarter more cycles apart each. */
export function looksUpTo(maxCycles: number): readonly number[] {
  const looks = [...gatewayExperiment.looks];
  for (let look = looks.at(-1) ?? 7; look < maxCycles; ) {
    look = Math.min(maxCycles, Math.ceil(look * 1.25));
    looks.push(look);
  }
  return looks;
}

export function leakPhases(scale: LeakScale, work: LeakWork): readonly Phase[] {
  const { warmUpRequests, requestsPerCycle, maxCycles, restSeconds } = scale;
  const { userCount = 8 } = work;
  const experiment = leakExperiment(scale, work.channels);
  const cycles = {
    kind: 'cycles',
    userCount,
    experiment: null,
    maxSeconds: scale.maxSeconds,
    cycleSeconds: scale.cycleSeconds,
  } satisfies Partial<CyclesPhase>;
  const count = (name: string): readonly Phase[] =>
    work.isCounted === true
      ? [{ kind: 'census', name, title: 'living promises, generators and clients are counted' }]
      : [];
  return [
    {
      ...cycles,
      name: 'warm-up',
      title: 'work that is not judged, until caches and code are warm',
      arms: work.warmUp,
      requestsPerCycle: [warmUpRequests / warmUpCycles, warmUpRequests / warmUpCycles],
      maxCycles: warmUpCycles,
      maxSeconds: warmUpSeconds * (warmUpRequests / leakScales.smoke.warmUpRequests),
    },
    {
      ...cycles,
      name: 'baseline',
      title: work.titles.baseline,
      arms: work.baseline,
      requestsPerCycle,
      maxCycles: baselineCycles,
    },
    ...count(countPhases.beforePhase),
    {
      ...cycles,
      name: 'stress',
      title: work.titles.stress,
      arms: work.stress,
      requestsPerCycle,
      maxCycles,
      experiment,
    },
    { kind: 'drain', name: 'heal', title: 'waiting for the last work to end', maxSeconds: 30 },
    {
      kind: 'watch',
      name: 'release',
      title: 'at rest after a leak, to see whether it is given back late or grows with time',
      after: 'stress',
      experiment,
      seconds: 27,
      levelCount: 9,
    },
    ...count(countPhases.afterPhase),
    {
      kind: 'rest',
      name: 'settle',
      title: 'at rest, to see what comes back',
      seconds: restSeconds,
      levelCount: 2,
    },
  ];
}

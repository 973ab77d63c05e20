// What the leak experiment is told: when to look, how sure to be, and what each channel's rates
// mean. Two sets: `smoke` for twenty seconds of work, `exact` for minutes with V8's optimiser off.
// The experiment itself is leak-experiment.ts.

import type { MetricName } from '../series/metrics.ts';
import { type GarbageRule, hoarding } from './garbage.ts';

export interface ChannelRule {
  /**
   * accuse   its growth is a leak, and it must be flat for a clean verdict
   * support  noisy (resident memory): reported, and accuses only above `overwhelming`
   */
  readonly role: 'accuse' | 'support';
  /** Growth per request below this is not looked into. */
  readonly delta: number;
  /** The upper bound must be below this for clean before the work runs out. */
  readonly deltaClean: number;
  /** The coarsest resolution at which a run that ran out may still be called clean. */
  readonly maxResolution: number;
  /** A total rise over the window below this is not growth: pools open a few sockets. */
  readonly minRise: number;
  /** A rise that stopped is called bounded from here on; less is warm-up. */
  readonly boundedRise: number;
  /** Lower bound per request from which a supporting channel accuses by itself. */
  readonly overwhelming: number;
}

export type ChannelName = Extract<
  MetricName,
  | 'heapBytes'
  | 'externalBytes'
  | 'anonBytes'
  | 'rssBytes'
  | 'nativeBytes'
  | 'fdCount'
  | 'socketCount'
  | 'handleCount'
  | 'taskCount'
  | 'threadCount'
  | 'pythonBlocks'
>;

export interface ExperimentOptions {
  /** Cycle counts after which growth is tested; between them only confirmation goes on. */
  readonly looks: readonly number[];
  /** The window of a look is the last max(minWindow, ⌈windowShare · cycles⌉) levels. */
  readonly windowShare: number;
  readonly minWindow: number;
  /** One-sided Kendall p of one channel at one look. */
  readonly alpha: number;
  /** Two-sided confidence of every interval. */
  readonly confidence: number;
  /** Fresh cycles before growth may be confirmed, and the p they must reach. */
  readonly confirmCycles: number;
  readonly confirmAlpha: number;
  /** Fresh cycles that suffice when no more will come; a 99 % interval needs five. */
  readonly lastConfirmCycles: number;
  /** Growth exponent from which growth counts as sustained. */
  readonly minExponent: number;
  /** Growth of this exponent must be refuted by the interval: ½ is a square root. */
  readonly refutedExponent: number;
  /** The martingale that ends the run with a leak; 1,000: by chance in one run of 1,000. */
  readonly stopWealth: number;
  /** Cycles that other growing channels are waited for once one leak is certain. */
  readonly patienceCycles: number;
  /** No clean verdict before this many cycles. */
  readonly minCleanCycles: number;
  /** Where resident memory is the only witness: how far it may rise and be no leak. */
  readonly garbage: GarbageRule;
  /** Requests the process served before the first cycle (warm-up), for the exponent. */
  readonly requestsBefore: number;
  readonly channels: Readonly<Record<ChannelName, ChannelRule>>;
}

const MiB = 1024 ** 2;

const liveBytes: ChannelRule = {
  role: 'accuse',
  delta: 128,
  deltaClean: 192,
  maxResolution: 512,
  minRise: 0,
  boundedRise: MiB,
  overwhelming: 0,
};

const residentBytes: ChannelRule = {
  role: 'support',
  delta: 512,
  deltaClean: 1024,
  maxResolution: 4096,
  minRise: 0,
  boundedRise: 4 * MiB,
  overwhelming: 4096,
};

const handles: ChannelRule = {
  role: 'accuse',
  delta: 0.005,
  deltaClean: 0.008,
  maxResolution: 0.02,
  minRise: 6,
  boundedRise: 16,
  overwhelming: 0,
};

/** CPython at rest moves by a block or two: one object kept in four requests shows. */
const blocks: ChannelRule = {
  role: 'accuse',
  delta: 0.2,
  deltaClean: 0.3,
  maxResolution: 1,
  minRise: 100,
  boundedRise: 10_000,
  overwhelming: 0,
};

/** Some twenty cycles of 100 to 400 requests, the optimiser on: δ lies above JIT drift. */
export const smokeExperiment: ExperimentOptions = {
  looks: [7, 9, 11, 13, 16, 20, 25],
  windowShare: 0.6,
  minWindow: 7,
  alpha: 0.0015,
  confidence: 0.99,
  confirmCycles: 7,
  confirmAlpha: 0.01,
  lastConfirmCycles: 5,
  minExponent: 0.8,
  refutedExponent: 0.5,
  stopWealth: 1000,
  patienceCycles: 3,
  minCleanCycles: 9,
  garbage: hoarding,
  requestsBefore: 0,
  channels: {
    heapBytes: liveBytes,
    externalBytes: liveBytes,
    anonBytes: residentBytes,
    // Where a remote gateway tells nothing better of its memory.
    rssBytes: residentBytes,
    nativeBytes: residentBytes,
    fdCount: handles,
    socketCount: handles,
    handleCount: handles,
    taskCount: handles,
    threadCount: handles,
    pythonBlocks: blocks,
  },
};

/**
 * For gateways as they are, the optimiser on and latency reported: code and feedback added 168 B
 * per request over 2,000 requests to one that keeps nothing; below twice that nothing is accused.
 */
const driftingBytes: ChannelRule = {
  ...liveBytes,
  delta: 384,
  deltaClean: 512,
  maxResolution: 1024,
};

/** A Python gateway over some hundred requests moves by half a block per request by itself. */
const driftingBlocks: ChannelRule = { ...blocks, delta: 2, deltaClean: 3, maxResolution: 6 };

export const gatewayExperiment: ExperimentOptions = {
  ...smokeExperiment,
  channels: {
    ...smokeExperiment.channels,
    heapBytes: driftingBytes,
    externalBytes: driftingBytes,
    pythonBlocks: driftingBlocks,
  },
};

const exactBytes: ChannelRule = { ...liveBytes, delta: 24, deltaClean: 40 };
const exactHandles: ChannelRule = { ...handles, delta: 5e-4, deltaClean: 1e-3 };

/** Thousands of requests per cycle with --no-opt: the levels then move by about 1 kB. */
export const exactExperiment: ExperimentOptions = {
  ...smokeExperiment,
  looks: [7, 9, 11, 13, 16, 20, 25, 32, 40, 50],
  confirmCycles: 10,
  channels: {
    ...smokeExperiment.channels,
    heapBytes: exactBytes,
    externalBytes: exactBytes,
    fdCount: exactHandles,
    socketCount: exactHandles,
    handleCount: exactHandles,
    taskCount: exactHandles,
    threadCount: exactHandles,
    pythonBlocks: { ...blocks, delta: 0.02, deltaClean: 0.04 },
  },
};

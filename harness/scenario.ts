// A scenario is data with small functions: what work, disturbed by what, measured how long, and
// which checkers judge it. The runner interprets it; a new scenario is one file and one line.

import type { Fault } from '../injectors/plan.ts';
import type { ArmSearchOptions } from './checkers/arm-search.ts';
import type { Checker } from './checkers/checker.ts';
import type { ExperimentOptions } from './checkers/experiment-options.ts';
import type { Arm } from './load/workload.ts';
import type { Level } from './series/sample.ts';
import type { Capability } from './subjects/subject.ts';

export const scales = ['smoke', 'ci', 'full'] as const;
export type Scale = (typeof scales)[number];

interface AnyPhase {
  /** Appears in records and plots: warm-up, baseline, stress, heal, settle… */
  readonly name: string;
  /** What happens, for the progress line. */
  readonly title: string;
  /** In force while the phase lasts, and healed at its end whatever happens. */
  readonly faults?: readonly Fault[];
  /** Asked before it begins, with all levels so far: false skips the phase. */
  isNeeded?(levels: readonly Level[]): boolean;
}

/** Work in cycles, each ending at rest with a level: the form of the leak experiment. */
export interface CyclesPhase extends AnyPhase {
  readonly kind: 'cycles';
  readonly arms: readonly Arm[];
  readonly userCount: number;
  /** Requests of a cycle are drawn from this range, both ends included. */
  readonly requestsPerCycle: readonly [low: number, high: number];
  /** A gateway that would take longer for a cycle, going by its last, is sent fewer requests. */
  readonly cycleSeconds?: number;
  readonly maxCycles: number;
  readonly maxSeconds: number;
  /** Decides after each cycle whether more are needed; null runs them all. */
  readonly experiment: ExperimentOptions | null;
}

/** Arrivals at a rate, whether or not the gateway keeps up; ends with one level. */
export interface LoadPhase extends AnyPhase {
  readonly kind: 'load';
  readonly arms: readonly Arm[];
  readonly ratePerSecond: number;
  /** At most this share of the rate at which the last cycle was served. */
  readonly shareOfPeak?: number;
  readonly seconds: number;
  readonly maxInFlight: number;
}

/**
 * Arrivals as of a load phase, with levels read while they go on, as a monitor in production reads
 * them: requests are in flight, and the level waits for none of them.
 */
export interface MonitorPhase extends Omit<LoadPhase, 'kind'> {
  readonly kind: 'monitor';
  readonly levelEveryMs: number;
  /** Ends after so many levels, or after `seconds`: a busy gateway takes its time to be read. */
  readonly levelCount: number;
  /** Ends early once this is sure of a leak. */
  readonly experiment: ExperimentOptions;
}

/** Waits until the gateway's queue is empty; ends with one level. */
export interface DrainPhase extends AnyPhase {
  readonly kind: 'drain';
  readonly maxSeconds: number;
}

/** No work; levels are read at even intervals. */
export interface RestPhase extends AnyPhase {
  readonly kind: 'rest';
  readonly seconds: number;
  readonly levelCount: number;
}

/** No work; the runtime is asked to give unused memory back to the system. Ends with one level. */
export interface ReclaimPhase extends AnyPhase {
  readonly kind: 'reclaim';
}

/** No work; living objects are counted by kind, which takes a walk over the heap. One level. */
export interface CensusPhase extends AnyPhase {
  readonly kind: 'census';
}

/**
 * After a leak was found in phase `after`: no work, to see whether the growth is given back late or
 * goes on with time. Ends early once it was given back; skipped when nothing leaks.
 */
export interface WatchPhase extends AnyPhase {
  readonly kind: 'watch';
  readonly after: string;
  readonly experiment: ExperimentOptions;
  readonly seconds: number;
  readonly levelCount: number;
}

/** After a fault: one request after the other until one is answered; ends with one level. */
export interface AnswerPhase extends AnyPhase {
  readonly kind: 'answer';
  readonly arms: readonly Arm[];
  /** Without an answer by then the run cannot go on. */
  readonly maxSeconds: number;
}

/** Pools of arms in cycles, until it is known which of the arms leak. */
export interface ArmsPhase extends AnyPhase {
  readonly kind: 'arms';
  readonly arms: readonly Arm[];
  readonly userCount: number;
  /** Requests of a cycle for each arm of the pool are drawn from this; a small pool has more. */
  readonly requestsPerArm: readonly [low: number, high: number];
  readonly maxSeconds: number;
  readonly search: ArmSearchOptions;
}

export type Phase =
  | CyclesPhase
  | LoadPhase
  | MonitorPhase
  | DrainPhase
  | RestPhase
  | ReclaimPhase
  | CensusPhase
  | WatchPhase
  | AnswerPhase
  | ArmsPhase;

export interface Scenario {
  /** Equals the file name and the command-line argument. */
  readonly id: string;
  readonly title: string;
  /** Ids of the test plan's cases that it covers. */
  readonly covers: readonly string[];
  readonly description: string;
  readonly expectation: string;
  /** Without these it cannot be judged, and says so before it runs. */
  readonly needs: readonly Capability[];
  /** The gateway's ledger is read at the end, where it is known. */
  readonly readsLedger?: boolean;
  /** V8's optimiser is off while it runs: exact levels, and latencies that mean nothing. */
  readonly steadyCompiler?: boolean;
  /** False: a leak is found and nobody named, which takes half the time. */
  readonly isDiagnosed?: boolean;
  phases(scale: Scale): readonly Phase[];
  checkers(scale: Scale): readonly Checker[];
}

// Measured points, in the two forms a run produces: samples along time, and levels along work.

import type { MetricName } from './metrics.ts';

/** One reading. `timeMs` counts from the run's start on one monotonic clock. */
export interface Sample {
  readonly metric: MetricName;
  readonly timeMs: number;
  readonly value: number;
}

/** In the order in which they were read; an array is one, and sample-table.ts a smaller one. */
export interface SampleList extends Iterable<Sample> {
  readonly length: number;
  at(index: number): Sample | undefined;
  filter(isWanted: (sample: Sample) => boolean): Sample[];
  some(isWanted: (sample: Sample) => boolean): boolean;
}

/**
 * The level a process settled at after a cycle of work: nothing in flight, garbage collected.
 * The leak experiment regresses these on `totalRequests`, not on time.
 */
export interface Level {
  readonly phase: string;
  readonly cycle: number;
  /** Requests of this cycle, and of all cycles of the experiment up to and including it. */
  readonly requests: number;
  readonly totalRequests: number;
  readonly timeMs: number;
  readonly values: Readonly<Partial<Record<MetricName, number>>>;
}

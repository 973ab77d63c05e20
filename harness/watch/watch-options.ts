// What a watch is told at its start.

import type { Clock } from '../../injectors/determinism.ts';
import type { DetectorOptions } from './detector.ts';
import type { Receiver } from './receivers.ts';
import type { Target } from './target.ts';

export interface WatchOptions {
  readonly target: Target;
  readonly receivers: readonly Receiver[];
  readonly rules: Partial<DetectorOptions>;
  readonly everyMs: number;
  /** Instead of the cgroup's. */
  readonly limitBytes: number | undefined;
  /** How long a leaking target is profiled; null: it is not looked into. */
  readonly diagnoseMs: number | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** One line for people. */
  readonly tell: (line: string) => void;
}

// What the parts of one run share: where to write, whom to measure, when to stop.

import type { Rng } from '../../injectors/determinism.ts';
import type { GatewayClient } from '../load/gateway-client.ts';
import type { AttachedProbe, Reading } from '../probes/probe.ts';
import type { Progress } from '../progress.ts';
import type { Injection, PhaseMark } from '../record.ts';
import type { RecordStore } from '../record-store.ts';
import type { Level } from '../series/sample.ts';
import type { Sink } from '../subjects/sink.ts';
import type { Subject } from '../subjects/subject.ts';
import type { ControlClient } from './control-client.ts';

export interface RunContext {
  readonly store: RecordStore;
  readonly subject: Subject;
  readonly probes: readonly AttachedProbe[];
  readonly client: GatewayClient;
  readonly control: ControlClient;
  readonly rng: Rng;
  readonly seed: number;
  readonly progress: Progress;
  /** Where its billing goes, and what can be done to that. */
  readonly sink?: Sink;
  /** Milliseconds since the run's start, on one monotonic clock. */
  readonly nowMs: () => number;
  /** How long growth is waited for to be given back, where not as long as the scenario says. */
  readonly releaseWatchSeconds: number | undefined;
  /** Aborted by Ctrl-C and when the gateway dies. */
  readonly signal: AbortSignal;
  /** Requests that are over, whatever came of them. */
  readonly answered: {
    count: number;
    /** In the last stretch of work that was done as fast as it went; infinite before it. */
    perSecond: number;
  };
  readonly phases: PhaseMark[];
  readonly levels: Level[];
  warn(text: string): void;
  inject(injection: Injection): void;
}

/** Garbage collected where a probe can, then every probe's exact reading, in the probes' order. */
export async function readLevel(probes: readonly AttachedProbe[]): Promise<Reading> {
  let reading: Reading = {};
  for (const probe of probes) reading = { ...reading, ...(await probe.level()) };
  return reading;
}

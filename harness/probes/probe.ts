// A probe looks at a subject from one side. What it cannot see it says, with what would help; it
// never reports zero for what it did not measure.

import type { MetricName } from '../series/metrics.ts';
import type { Capability, Subject } from '../subjects/subject.ts';

export type Reading = Readonly<Partial<Record<MetricName, number>>>;

export interface AttachedProbe extends AsyncDisposable {
  /** A sentence on what it cannot see of this subject, where that is less than its metrics. */
  readonly missing?: string;
  /** Cheap reading, several times a second under load. */
  sample(): Promise<Reading>;
  /** Reading at rest, after garbage was collected where the probe can; slower and exact. */
  level(): Promise<Reading>;
  /** Makes the runtime give unused memory back to the system, where it can be asked to. */
  reclaim?(): Promise<void>;
  /** Counts living objects by kind, where that takes a walk over the heap. */
  census?(): Promise<Reading>;
  /** Events since the last call (collections, for instance); bounded by the probe. */
  drainEvents?(): readonly { metric: MetricName; timeMs: number; value: number }[];
}

export interface Probe {
  readonly name: string;
  readonly needs: readonly Capability[];
  readonly metrics: readonly MetricName[];
  /** What it costs the subject, in words with figures. */
  readonly cost: string;
  /** Rejects with a sentence saying why it cannot run and what would enable it. */
  attach(subject: Subject, nowMs: () => number): Promise<AttachedProbe>;
}

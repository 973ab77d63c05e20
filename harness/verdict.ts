// What a run ends with. The order of outcomes is fixed: fail beats inconclusive beats pass.

import type { MetricName } from './series/metrics.ts';

export type Outcome = 'pass' | 'fail' | 'inconclusive';

/**
 * leak     grows with work and does not come back
 * bounded  comes back after a time, or stops at a high-water mark
 * clean    neither; the smallest leak the run could have seen is its `resolution`
 */
export type Finding = 'clean' | 'bounded' | 'leak' | 'undecided';

/** An estimate per request and its interval; the unit is the resource's (bytes or count). */
export interface RatePerRequest {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided confidence of [low, high], for instance 0.99. */
  readonly confidence: number;
}

export interface ResourceFinding {
  readonly metric: MetricName;
  readonly finding: Finding;
  readonly perRequest: RatePerRequest | null;
  /** Smallest rate per request that this run would have called a leak. */
  readonly resolution: number | null;
  /** Growth exponent: 1 a leak, 0.5 a square root, 0 a log; null while it was not needed. */
  readonly exponent: number | null;
  readonly reason: string;
}

/** Where the retained memory was allocated. */
export interface Suspect {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly kind: 'function' | 'variable' | 'collection' | 'resource';
  readonly bytesPerRequest: number;
  /** What keeps it alive: "a Map in the variable requestLog, which remember() can see". */
  readonly path?: string;
}

export interface Evidence {
  readonly label: string;
  readonly value: number | string;
  readonly unit?: string;
}

/** One checker's judgement. */
export interface CheckResult {
  readonly checker: string;
  readonly outcome: Outcome;
  /** One sentence. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly warnings: readonly string[];
}

export interface Verdict {
  readonly schema: 1;
  readonly scenario: string;
  readonly outcome: Outcome;
  readonly finding: Finding;
  /** The resource the finding is about (the leaking one, named first), or null when clean. */
  readonly resource: MetricName | null;
  readonly reason: string;
  /** Of the process's memory, whichever metric holds it. */
  readonly retainedBytesPerRequest: RatePerRequest | null;
  readonly resources: readonly ResourceFinding[];
  readonly suspects: readonly Suspect[];
  readonly recovery: { readonly seconds: number; readonly residualBytes: number } | null;
  readonly latency: {
    readonly ttftP50Ms: number | null;
    readonly ttftP99Ms: number | null;
    readonly endToEndP50Ms: number | null;
    readonly endToEndP99Ms: number | null;
  };
  readonly checks: readonly CheckResult[];
  readonly evidence: readonly Evidence[];
  readonly warnings: readonly string[];
  readonly requests: { readonly total: number; readonly failed: number; readonly aborted: number };
  /** The command that repeats the run. */
  readonly repeat: string;
}

const rank: Readonly<Record<Outcome, number>> = { fail: 2, inconclusive: 1, pass: 0 };

/** The worst outcome of a list; an empty list was not judged and is inconclusive. */
export function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 0) return 'inconclusive';
  return outcomes.reduce((a, b) => (rank[b] > rank[a] ? b : a));
}

/** Who holds it, then who allocated it. */
export function leadingSuspects(suspects: readonly Suspect[]): readonly Suspect[] {
  const holder = suspects.find(({ kind }) => kind !== 'function');
  const maker = suspects.find(({ kind }) => kind === 'function');
  return [holder, maker].filter((suspect) => suspect !== undefined);
}

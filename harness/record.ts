// What a run leaves behind, as checkers and reports see it. How it lies on disk is decided in
// record-store.ts; a record that a crash cut short reads the same, with `endedAt` null.

import type { Limits } from './budget.ts';
import type { Level, SampleList } from './series/sample.ts';
import type { Suspect } from './verdict.ts';

export interface PhaseMark {
  readonly name: string;
  readonly startMs: number;
  /** Null while the phase runs, and for good when the run was cut short in it. */
  readonly endMs: number | null;
  /** Of the arrivals that were planned at a rate: those that found no place and were dropped. */
  readonly droppedShare?: number;
  /** What leakbed went without meanwhile: time of the machine, time in line for a processor. */
  readonly stealShare?: number;
  readonly waitShare?: number;
}

/** A fault as it really acted: plots shade this window, not what the plan intended. */
export interface Injection {
  readonly fault: string;
  readonly what: string;
  readonly startMs: number;
  readonly endMs: number | null;
}

/** What a whole answer said it used. */
export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One billed request in the gateway's ledger, by the id that it was sent with. */
export interface LedgerRow {
  readonly id: string;
  /** Null where this ledger does not tell. */
  readonly tokens: TokenCounts | null;
}

export type RequestOutcome = 'ok' | 'aborted' | 'error';

export interface RequestRow {
  readonly phase: string;
  /** The kind of work, for instance "bedrock/aborted". */
  readonly arm: string;
  /** Its x-request-id. */
  readonly id?: string;
  /** Of an answer that is one document and tells it. */
  readonly tokens?: TokenCounts;
  readonly startMs: number;
  /** Request sent to first content frame; null when none came. */
  readonly ttftMs: number | null;
  readonly endMs: number;
  readonly status: number | null;
  readonly outcome: RequestOutcome;
  readonly error?: string;
}

/** Plain facts that only one scenario needs, for its own checker (ledger counts, queue limits). */
export type Facts = Readonly<Record<string, number | string | boolean | null>>;

export interface RunHeader {
  readonly schema: 1;
  readonly id: string;
  readonly scenario: string;
  readonly title: string;
  readonly scale: string;
  readonly seed: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly gateway: Readonly<Record<string, string | number | null>>;
  readonly faults: readonly string[];
  /** What it must keep to, where a budget was given. */
  readonly limits?: Limits;
}

export interface RunRecord {
  readonly header: RunHeader;
  readonly phases: readonly PhaseMark[];
  readonly samples: SampleList;
  readonly levels: readonly Level[];
  readonly requests: readonly RequestRow[];
  readonly injections: readonly Injection[];
  /** What this run's requests left in the gateway's ledger; absent where none was read. */
  readonly ledger?: readonly LedgerRow[];
  readonly facts: Facts;
  readonly warnings: readonly string[];
  /** What the diagnosis named, when a leak was found; the largest first. */
  readonly suspects: readonly Suspect[];
  /** Why the run ended before its scenario did (Ctrl-C, a gateway that died), or null. */
  readonly interrupted: string | null;
}

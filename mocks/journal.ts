// What the mocks saw and did: one entry per request in a bounded ring, and the streams in flight.
// A request is known by its connection's index and its own index on it, so tests can assert that
// a client reuses connections.

import type { Ending } from '../injectors/stream.ts';

export interface JournalEntry {
  readonly sequence: number;
  readonly requestId: string;
  readonly provider: string;
  readonly operation: string;
  readonly model: string;
  readonly transport: string;
  readonly connection: number;
  readonly exchange: number;
  readonly startedAt: string;
  readonly faults: readonly string[];
  /** What faults did, in order; bounded. */
  readonly injected: readonly string[];
  readonly events: number;
  readonly bytes: number;
  /** Null while in flight; `gone` when the client left first; `refused` for an error answer. */
  readonly ending: Ending['kind'] | 'gone' | 'refused' | null;
  readonly durationMs: number | null;
}

export type OpenEntry = { -readonly [K in keyof JournalEntry]: JournalEntry[K] };

export interface Journal {
  open(entry: Omit<JournalEntry, 'sequence' | 'startedAt'>): OpenEntry;
  /** Says how a request in flight can be ended from outside. */
  stoppable(entry: OpenEntry, stop: () => void): void;
  /** Ends a request in flight, as a provider that breaks down; false when there is none. */
  stop(sequence: number): boolean;
  /** Marks the end; only the first call counts. */
  close(entry: OpenEntry, ending: NonNullable<JournalEntry['ending']>): void;
  since(sequence: number): readonly JournalEntry[];
  inFlight(): readonly JournalEntry[];
  readonly inFlightCount: number;
  /** Calls back with each request that ended, until the returned function is called. */
  watch(onClosed: (entry: JournalEntry) => void): () => void;
  reset(): void;
  readonly lastSequence: number;
}

const injectedKept = 32;

export function createJournal(
  clock: { nowMs(): number; wallTime(): Date },
  capacity: number,
): Journal {
  const ring: OpenEntry[] = [];
  const open = new Map<OpenEntry, { readonly startedMs: number; stop?: () => void }>();
  const watchers = new Set<(entry: JournalEntry) => void>();
  let sequence = 0;
  const close: Journal['close'] = (entry, ending) => {
    const flight = open.get(entry);
    if (flight === undefined) return;
    open.delete(entry);
    entry.ending = ending;
    entry.durationMs = Math.round(clock.nowMs() - flight.startedMs);
    for (const onClosed of watchers) onClosed(entry);
  };
  return {
    open(entry) {
      sequence += 1;
      const row: OpenEntry = { ...entry, sequence, startedAt: clock.wallTime().toISOString() };
      // The ring is indexed by sequence, so the oldest entry is overwritten without a shift.
      ring[sequence % capacity] = row;
      open.set(row, { startedMs: clock.nowMs() });
      return row;
    },
    stoppable(entry, stop) {
      const flight = open.get(entry);
      if (flight !== undefined) flight.stop = stop;
    },
    stop(sequence) {
      const [entry, flight] = open.entries().find(([row]) => row.sequence === sequence) ?? [];
      if (entry === undefined || flight?.stop === undefined) return false;
      noteInjection(entry, 'ended by hand');
      close(entry, 'cancel');
      flight.stop();
      return true;
    },
    close,
    since: (from) =>
      ring.filter((row) => row.sequence > from).sort((a, b) => a.sequence - b.sequence),
    inFlight: () => [...open.keys()],
    get inFlightCount() {
      return open.size;
    },
    watch(onClosed) {
      watchers.add(onClosed);
      return () => void watchers.delete(onClosed);
    },
    reset() {
      ring.length = 0;
    },
    get lastSequence() {
      return sequence;
    },
  };
}

/** Adds what a fault did; a fault that acts on every frame says so a bounded number of times. */
export function noteInjection(entry: OpenEntry, what: string): void {
  if (entry.injected.length < injectedKept) entry.injected = [...entry.injected, what];
}

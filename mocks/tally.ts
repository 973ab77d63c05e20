// Totals since the start, by provider, operation, transport and ending. The journal forgets its
// oldest entries; what is scraped or watched needs sums that do not.

import type { JournalEntry } from './journal.ts';

/** What a sum is kept for; all four come from lists of ours, so their number has a bound. */
export interface TallyKey {
  readonly provider: string;
  readonly operation: string;
  readonly transport: string;
  readonly ending: string;
}

export interface TallyRow extends TallyKey {
  readonly requests: number;
  readonly events: number;
  readonly bytes: number;
  readonly durationMs: number;
}

export interface Tally {
  /** Takes a request that has ended. */
  add(entry: JournalEntry): void;
  readonly rows: readonly TallyRow[];
  /** How many requests each fault really acted on. */
  readonly faults: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly bytes: number;
  /** How many requests ended in which way. */
  readonly endings: ReadonlyMap<string, number>;
}

type Sums = { -readonly [K in keyof TallyRow]: TallyRow[K] };

/** Where a key that is not in any list would come in, the rest is summed under `other`. */
const keptRows = 1000;

export function createTally(): Tally {
  const rows = new Map<string, Sums>();
  const faults = new Map<string, number>();
  const endings = new Map<string, number>();
  let requests = 0;
  let bytes = 0;
  const rowOf = (key: TallyKey): Sums => {
    const name = `${key.provider} ${key.operation} ${key.transport} ${key.ending}`;
    const found = rows.get(name);
    if (found !== undefined) return found;
    if (rows.size >= keptRows && key.operation !== 'other') {
      return rowOf({ ...key, operation: 'other' });
    }
    const made = { ...key, requests: 0, events: 0, bytes: 0, durationMs: 0 };
    rows.set(name, made);
    return made;
  };
  return {
    add(entry) {
      const { provider, operation, transport } = entry;
      const ending = entry.ending ?? 'open';
      const row = rowOf({ provider, operation, transport, ending });
      row.requests += 1;
      row.events += entry.events;
      row.bytes += entry.bytes;
      row.durationMs += entry.durationMs ?? 0;
      requests += 1;
      bytes += entry.bytes;
      endings.set(ending, (endings.get(ending) ?? 0) + 1);
      for (const name of actedFaults(entry)) faults.set(name, (faults.get(name) ?? 0) + 1);
    },
    get rows() {
      return [...rows.values()];
    },
    faults,
    endings,
    get requests() {
      return requests;
    },
    get bytes() {
      return bytes;
    },
  };
}

/** Notes begin with the fault's name; only planned names count, so the map stays small. */
function actedFaults({ faults, injected }: JournalEntry): ReadonlySet<string> {
  if (injected.length === 0) return new Set();
  return new Set(faults.filter((name) => injected.some((note) => note.startsWith(`${name}: `))));
}

// Of the streams in flight those worth looking at: the oldest, which a client may have forgotten,
// and the largest. A page cannot show 10,000 rows, and nobody would read them.

import type { Journal, JournalEntry } from '../journal.ts';

export interface ShownStreams {
  readonly oldest: readonly ShownStream[];
  readonly largest: readonly ShownStream[];
}

type ShownStream = Pick<
  JournalEntry,
  'sequence' | 'operation' | 'model' | 'transport' | 'startedAt' | 'faults' | 'events' | 'bytes'
>;

const shownCount = 50;

export function shownStreams(journal: Journal): ShownStreams {
  const all = journal.inFlight();
  return {
    oldest: all.slice(0, shownCount).map(shown),
    largest: largest(all).map(shown),
  };
}

/** In one pass: to sort all of them four times a second would be felt by the streams. */
function largest(all: readonly JournalEntry[]): readonly JournalEntry[] {
  let top: JournalEntry[] = [];
  let least = -1;
  for (const entry of all) {
    if (entry.bytes <= least) continue;
    top.push(entry);
    if (top.length < 2 * shownCount) continue;
    top = best(top);
    least = top.at(-1)?.bytes ?? -1;
  }
  return best(top);
}

function best(entries: readonly JournalEntry[]): JournalEntry[] {
  return entries.toSorted((a, b) => b.bytes - a.bytes).slice(0, shownCount);
}

function shown(entry: JournalEntry): ShownStream {
  const { sequence, operation, model, transport, startedAt, faults, events, bytes } = entry;
  return { sequence, operation, model, transport, startedAt, faults, events, bytes };
}

// When leakbed itself forced garbage collections in a subject, on the run's clock. V8 does not
// mark them (their entries carry flags 0), so the GC probe needs these windows to leave them out:
// a pause that leakbed caused says nothing about the gateway. Bounded: old windows fall off.

import type { Subject } from '../subjects/subject.ts';

interface CollectionWindow {
  readonly startMs: number;
  endMs: number;
}

const kept = 64;
const windows = new WeakMap<Subject, CollectionWindow[]>();

/** Notes that a forced collection begins; the returned function notes its end. */
export function beginForcedCollection(subject: Subject, nowMs: () => number): () => void {
  const list = windows.get(subject) ?? [];
  windows.set(subject, list);
  const entry: CollectionWindow = { startMs: nowMs(), endMs: Number.POSITIVE_INFINITY };
  list.push(entry);
  if (list.length > kept) list.shift();
  return () => {
    entry.endMs = nowMs();
  };
}

/** Whether a collection at that time was leakbed's; `slackMs` is the error of the two clocks. */
export function wasForced(subject: Subject, timeMs: number, slackMs: number): boolean {
  return (windows.get(subject) ?? []).some(
    ({ startMs, endMs }) => timeMs >= startMs - slackMs && timeMs <= endMs + slackMs,
  );
}

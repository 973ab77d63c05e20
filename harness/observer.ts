// Who is told of a run while it goes: Prometheus, an OpenTelemetry collector. An observer sees what
// the record is given, row by row, and can change nothing; one that throws is left out from then on
// and the run is told why, once.

import type { Injection, RequestRow, RunHeader } from './record.ts';
import type { RecordStore, RunState } from './record-store.ts';
import type { Level, Sample } from './series/sample.ts';
import type { Verdict } from './verdict.ts';

/** All may be left out; none is waited for. */
export interface RunObserver {
  /** What it is called in a warning: "the metrics page". */
  readonly name: string;
  began?(header: RunHeader): void;
  sample?(row: Sample): void;
  level?(row: Level): void;
  request?(row: RequestRow): void;
  injection?(row: Injection): void;
  /** Phases that began or ended, facts, warnings; and the header, once the gateway is up. */
  updated?(change: Partial<RunState>): void;
  judged?(verdict: Verdict): void;
}

type Told = Omit<Required<RunObserver>, 'name'>;

/** All observers as one that never throws. */
export function tellObservers(
  observers: readonly RunObserver[],
  warn: (text: string) => void,
): Told {
  const failed = new Set<RunObserver>();
  const tell = (each: (observer: RunObserver) => void) => {
    for (const observer of observers) {
      if (failed.has(observer)) continue;
      try {
        each(observer);
      } catch (error) {
        failed.add(observer);
        const why = error instanceof Error ? error.message : String(error);
        warn(`Cannot tell ${observer.name} more of this run: ${why}.`);
      }
    }
  };
  return {
    began: (header) => tell((observer) => observer.began?.(header)),
    sample: (row) => tell((observer) => observer.sample?.(row)),
    level: (row) => tell((observer) => observer.level?.(row)),
    request: (row) => tell((observer) => observer.request?.(row)),
    injection: (row) => tell((observer) => observer.injection?.(row)),
    updated: (change) => tell((observer) => observer.updated?.(change)),
    judged: (verdict) => tell((observer) => observer.judged?.(verdict)),
  };
}

/** The same store, whose rows the observers see as they are written. */
export function observedStore(store: RecordStore, told: Told): RecordStore {
  return {
    ...store,
    get header() {
      return store.header;
    },
    get warnings() {
      return store.warnings;
    },
    sample(row) {
      told.sample(row);
      return store.sample(row);
    },
    level(row) {
      told.level(row);
      return store.level(row);
    },
    request(row) {
      told.request(row);
      return store.request(row);
    },
    injection(row) {
      told.injection(row);
      return store.injection(row);
    },
    update(change) {
      told.updated(change);
      return store.update(change);
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

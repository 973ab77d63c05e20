// The highest object ids of a snapshot. V8 numbers objects when a snapshot first sees them, upwards
// and for good, script objects with odd numbers and native ones with even numbers; so what was born
// after a snapshot is told by its id alone, and the earlier snapshots need not be kept.
// Source: v8 src/profiler/heap-snapshot-generator.cc, HeapObjectsMap::FindOrAddEntry.

import type { SnapshotVisitor } from './snapshot-reader.ts';

export interface LastIds {
  readonly odd: number;
  readonly even: number;
}

export function lastIdsReader(): SnapshotVisitor & { ids(): LastIds } {
  let at = 0;
  const last = [0, 0];
  return {
    begin: ({ nodeFields }) => {
      at = nodeFields.indexOf('id');
    },
    node(row) {
      const id = row[at] ?? 0;
      if (id > (last[id % 2] ?? 0)) last[id % 2] = id;
    },
    ids: () => ({ odd: last[1] ?? 0, even: last[0] ?? 0 }),
  };
}

/** Whether the object was there already when the snapshot with these last ids was taken. */
export function isThere(id: number, { odd, even }: LastIds): boolean {
  return id <= (id % 2 === 1 ? odd : even);
}

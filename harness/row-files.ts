// The NDJSON files of a record: samples, levels, requests and injections, opened together, flushed
// once a second, and what each of them had to drop. record-store.ts writes them.

import { join } from 'node:path';
import type { Clock } from '../injectors/determinism.ts';
import { type NdjsonFile, openNdjson } from './ndjson.ts';

export const rowFiles = ['samples', 'levels', 'requests', 'injections'] as const;
export type RowFile = (typeof rowFiles)[number];
export type RowFiles = Readonly<Record<RowFile, NdjsonFile>>;

const flushEveryMs = 1000;

export async function openRowFiles(
  dir: string,
  warnOf: (name: string) => (error: unknown) => void,
  isResumed: boolean,
): Promise<RowFiles> {
  const open = (name: RowFile) =>
    openNdjson(join(dir, `${name}.ndjson`), warnOf(`${name}.ndjson`), { isResumed });
  return {
    samples: await open('samples'),
    levels: await open('levels'),
    requests: await open('requests'),
    injections: await open('injections'),
  };
}

export function droppedRows(files: RowFiles): string[] {
  return rowFiles
    .filter((name) => files[name].droppedCount > 0)
    .map((name) => `${name}.ndjson lacks ${files[name].droppedCount} rows: the disk was too slow.`);
}

/** Puts rows on the disk while the run goes, until it is cancelled. */
export function flushing(files: RowFiles, clock: Clock): () => void {
  return every(clock, flushEveryMs, async () => {
    for (const name of rowFiles) await files[name].flush();
  });
}

/** Calls again only after the work is done, so a slow disk does not pile up flushes. */
function every(clock: Clock, delayMs: number, work: () => Promise<void>): () => void {
  let isCancelled = false;
  let cancel = () => {};
  const schedule = () => {
    if (isCancelled) return;
    cancel = clock.after(delayMs, () => void work().then(schedule));
  };
  schedule();
  return () => {
    isCancelled = true;
    cancel();
  };
}

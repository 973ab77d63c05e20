// `leakbed run --resume RUN`: which run goes on, and that it goes on as it began: same scenario,
// seed and gateway, or its record would mix two experiments.

import { readRecord } from '../record-reader.ts';
import type { CutRun } from '../record-store.ts';
import { type Scale, scales } from '../scenario.ts';
import { UsageError } from './exit-codes.ts';

export interface Resumed {
  readonly run: CutRun;
  readonly scenario: string;
  readonly scale: Scale;
  readonly seed: number;
}

/** Reads the run that was cut short; refuses one that came to its end. */
export async function openCutRun(dir: string): Promise<Resumed> {
  const record = await readRecord(dir).catch((error: unknown) => {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const { scenario, seed } = record.header;
  if (record.interrupted === null) {
    throw new UsageError(
      `Cannot resume ${dir}: it came to its end. Run it anew: ${record.header.command}`,
    );
  }
  const scale = scales.find((known) => known === record.header.scale);
  if (scale === undefined) {
    throw new UsageError(
      `Cannot resume ${dir}: there is no scale "${record.header.scale}" any more.`,
    );
  }
  return { run: { dir, record }, scenario, scale, seed };
}

/** `command` is what this run would be repeated with. */
export function requireSameCommand({ dir, record }: CutRun, command: string): void {
  const { command: begun } = record.header;
  if (command === begun) return;
  throw new UsageError(
    `Cannot resume ${dir}: it was begun in another way. Use: ${begun} --resume ${dir}`,
  );
}

// The stored results: one JSON file that a full run rewrites, bench by bench, so that the next run
// can say what has changed. `git diff` then shows it too.

import { readFile, writeFile } from 'node:fs/promises';
import type { Skipped } from './bench.ts';
import type { Judged } from './judge.ts';

export interface BenchResult {
  readonly bench: string;
  readonly durationS: number;
  readonly figures: readonly (Judged | Skipped)[];
  readonly notes: readonly string[];
  /** It broke off: what was thrown. */
  readonly error?: string;
}

export interface Results {
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly isPinned: boolean;
  };
  readonly scale: string;
  readonly seed: number;
  readonly benches: readonly BenchResult[];
}

/** Undefined where there are none yet. */
export async function readResults(file: URL): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Results;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Benches that were not run keep what they had. */
export async function storeResults(file: URL, results: Results): Promise<void> {
  const known = (await readResults(file))?.benches ?? [];
  const isNew = ({ bench }: BenchResult) => results.benches.some((one) => one.bench === bench);
  const benches = [...known.filter((one) => !isNew(one)), ...results.benches].sort((a, b) =>
    a.bench.localeCompare(b.bench),
  );
  await writeResults(file, { ...results, benches });
}

export async function writeResults(file: URL | string, results: Results): Promise<void> {
  const isDigits = (value: unknown) => typeof value === 'number' && !Number.isInteger(value);
  const text = JSON.stringify(
    results,
    (_, value) => (isDigits(value) ? Number(value.toPrecision(4)) : value),
    2,
  );
  await writeFile(file, `${text}\n`);
}

/** The median that was stored for a figure. */
export function storedMedian(
  stored: Results | undefined,
  bench: string,
  figure: string,
): number | undefined {
  const found = stored?.benches
    .find((one) => one.bench === bench)
    ?.figures.find(({ name }) => name === figure);
  return found !== undefined && 'median' in found ? found.median : undefined;
}

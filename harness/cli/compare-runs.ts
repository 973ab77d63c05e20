// The work of `leakbed compare`: reads two verdicts, wherever they are kept, and compares them.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Comparison, compareVerdicts, defaultMargins } from '../checkers/compare-verdicts.ts';
import { parseVerdict } from '../record-reader.ts';
import type { Verdict } from '../verdict.ts';
import { asUsage, UsageError } from './exit-codes.ts';
import { judgeFolder } from './judge-folder.ts';

export async function compareRuns(
  base: string,
  run: string,
  marginBytes = defaultMargins.bytes,
): Promise<Comparison> {
  const from = await verdictAt(base, undefined);
  const to = await verdictAt(run, from.scenario);
  const margins = { ...defaultMargins, bytes: marginBytes };
  return asUsage(() => compareVerdicts(from, to, margins));
}

/** A file is a verdict, a folder a run or, where `scenario` is known, a folder of runs. */
async function verdictAt(place: string, scenario: string | undefined): Promise<Verdict> {
  const found = await stat(place).catch((error: Error) => {
    throw new UsageError(`Cannot compare ${place}: ${error.message}.`, { cause: error });
  });
  if (!found.isDirectory()) {
    const text = await readFile(place, 'utf8');
    return asUsage(() => parseVerdict(text, place));
  }
  const names = await readdir(place);
  if (names.includes('run.json') || scenario === undefined) {
    return (await judgeFolder(place)).verdict;
  }
  const newest = newestRun(names, scenario);
  if (newest !== undefined) return (await judgeFolder(join(place, newest))).verdict;
  throw new UsageError(
    `Cannot compare ${place}: it holds neither a run nor runs of ${scenario}. Name a run's folder.`,
  );
}

/** A run's folder is called by its time and scenario; of one second by its number, too. */
export function newestRun(names: readonly string[], scenario: string): string | undefined {
  const runs = names.flatMap((name) => {
    const [, time, rest = ''] = /^(\d{4}-\d\d-\d\dT\d{6})-(.+)$/.exec(name) ?? [];
    if (time === undefined || !rest.startsWith(scenario)) return [];
    const nth = /^(?:-(\d+))?$/.exec(rest.slice(scenario.length));
    return nth === null ? [] : [{ name, time, nth: Number(nth[1] ?? 1) }];
  });
  const inOrder = runs.toSorted((a, b) =>
    a.time === b.time ? a.nth - b.nth : a.time < b.time ? -1 : 1,
  );
  return inOrder.at(-1)?.name;
}

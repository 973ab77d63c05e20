// Reads a run's folder and judges it again with today's checkers.

import type { Checker } from '../checkers/checker.ts';
import { compose } from '../checkers/compose.ts';
import { matrixChecker } from '../checkers/matrix.ts';
import { matrixId } from '../checkers/matrix-cells.ts';
import { findPublished } from '../museum/index.ts';
import { readRecord } from '../record-reader.ts';
import { reproCheckers, reproId, slugOfTitle } from '../repro/repro.ts';
import type { RunResult } from '../runner/run-scenario.ts';
import { type Scale, scales } from '../scenario.ts';
import { findScenario } from '../scenarios/index.ts';
import { UsageError } from './exit-codes.ts';

export async function judgeFolder(dir: string): Promise<RunResult> {
  try {
    const record = await readRecord(dir);
    const { scenario, scale, title } = record.header;
    const known = scales.find((name) => name === scale);
    if (known === undefined) throw new Error(`Cannot judge ${dir}: it has no scale "${scale}".`);
    return { dir, record, verdict: compose(record, checkersOf(scenario, title, known)) };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Two commands besides `run` leave records; theirs are no scenarios of the list. */
function checkersOf(scenario: string, title: string, scale: Scale): readonly Checker[] {
  if (scenario === reproId) return reproCheckers(findPublished(slugOfTitle(title)));
  return scenario === matrixId ? [matrixChecker] : findScenario(scenario).checkers(scale);
}

// Reads a run's folder and judges it again with today's checkers.

import { compose } from '../checkers/compose.ts';
import { readRecord } from '../record-reader.ts';
import { reproCheckers, reproId } from '../repro/repro.ts';
import type { RunResult } from '../runner/run-scenario.ts';
import { scales } from '../scenario.ts';
import { findScenario } from '../scenarios/index.ts';
import { UsageError } from './exit-codes.ts';

export async function judgeFolder(dir: string): Promise<RunResult> {
  try {
    const record = await readRecord(dir);
    const { scenario, scale } = record.header;
    const known = scales.find((name) => name === scale);
    if (known === undefined) throw new Error(`Cannot judge ${dir}: it has no scale "${scale}".`);
    const checkers =
      scenario === reproId ? reproCheckers() : findScenario(scenario).checkers(known);
    return { dir, record, verdict: compose(record, checkers) };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

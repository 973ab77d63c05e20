// Reads a run's folder back, line by line. A record that a crash cut short is still a record:
// torn lines are skipped and noted, and a run that never wrote its end reads as interrupted.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNdjson } from './ndjson.ts';
import type { Injection, LedgerRow, RequestRow, RunRecord } from './record.ts';
import type { RunState } from './record-store.ts';
import type { RowFile } from './row-files.ts';
import { metrics } from './series/metrics.ts';
import type { Level, Sample } from './series/sample.ts';
import { createSampleTable } from './series/sample-table.ts';
import type { Verdict } from './verdict.ts';

export async function readRecord(dir: string): Promise<RunRecord> {
  const { header, phases, facts, warnings, interrupted, suspects } = await readState(dir);
  const problems: string[] = [];
  const rows = <Row>(name: RowFile | 'ledger', accept: (value: unknown) => value is Row) =>
    readRows(dir, `${name}.ndjson`, accept, problems);
  const samples = createSampleTable();
  await eachRow(dir, 'samples.ndjson', isSample, samples.push, problems);
  const levels = await rows('levels', isLevel);
  const requests = await rows('requests', isRequest);
  const injections = latest(await rows('injections', isInjection));
  const hasLedger = typeof facts.ledgerRows === 'number';
  const ledger = hasLedger && (await rows('ledger', isLedgerRow));
  return {
    header,
    phases,
    samples,
    levels,
    requests,
    injections,
    ...(ledger !== false && { ledger }),
    facts,
    suspects,
    warnings: [...warnings, ...problems],
    interrupted:
      interrupted ?? (header.endedAt === null ? 'The run ended without writing its end.' : null),
  };
}

/** Null when the run was not judged yet. */
export async function readVerdict(dir: string): Promise<Verdict | null> {
  const text = await readFile(join(dir, 'verdict.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  return parseVerdict(text, join(dir, 'verdict.json'));
}

/** Throws with one sentence that names the file. */
export function parseVerdict(text: string, file: string): Verdict {
  const verdict = parse(text, file);
  if (!isObject(verdict) || verdict.schema !== 1) {
    throw new Error(`Cannot read ${file}: it is not a verdict of schema 1.`);
  }
  return verdict as unknown as Verdict;
}

async function readState(dir: string): Promise<RunState> {
  const text = await readFile(join(dir, 'run.json'), 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot read the run ${dir}: ${reason}. Name a folder that 'leakbed run' wrote.`,
      { cause: error },
    );
  });
  const state = parse(text, join(dir, 'run.json'));
  if (!isObject(state) || !isObject(state.header) || state.header.schema !== 1) {
    throw new Error(
      `Cannot read ${join(dir, 'run.json')}: it is not a run record of schema 1. ` +
        'Read it with the version of leakbed that wrote it.',
    );
  }
  const read = state as unknown as Partial<RunState> & Pick<RunState, 'header'>;
  return { phases: [], facts: {}, warnings: [], interrupted: null, suspects: [], ...read };
}

async function readRows<Row>(
  dir: string,
  name: string,
  accept: (value: unknown) => value is Row,
  problems: string[],
): Promise<Row[]> {
  const rows: Row[] = [];
  await eachRow(dir, name, accept, (row) => rows.push(row), problems);
  return rows;
}

async function eachRow<Row>(
  dir: string,
  name: string,
  accept: (value: unknown) => value is Row,
  onRow: (row: Row) => void,
  problems: string[],
): Promise<void> {
  const note = (problem: string) => problems.push(`${name}: ${problem}.`);
  try {
    await readNdjson(join(dir, name), accept, onRow, note);
  } catch (error) {
    note(`not readable (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** The row that says when a fault was healed replaces the one that said when it began. */
function latest(rows: readonly Injection[]): Injection[] {
  const byStart = new Map(rows.map((row) => [`${row.fault}\n${row.what}\n${row.startMs}`, row]));
  return [...byStart.values()];
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Cannot read ${file}: it is not JSON. The file was damaged.`, {
      cause: error,
    });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSample = (value: unknown): value is Sample =>
  isObject(value) &&
  typeof value.metric === 'string' &&
  Object.hasOwn(metrics, value.metric) &&
  typeof value.timeMs === 'number' &&
  typeof value.value === 'number';

const isLevel = (value: unknown): value is Level =>
  isObject(value) && typeof value.totalRequests === 'number' && isObject(value.values);

const isRequest = (value: unknown): value is RequestRow =>
  isObject(value) && typeof value.startMs === 'number' && typeof value.outcome === 'string';

const isLedgerRow = (value: unknown): value is LedgerRow =>
  isObject(value) && typeof value.id === 'string';

const isInjection = (value: unknown): value is Injection =>
  isObject(value) && typeof value.fault === 'string' && typeof value.startMs === 'number';

// Writes a run's folder `<out>/<time>-<scenario>/` while the run goes, so that a crash or Ctrl-C
// leaves a readable record: run.json (rewritten whole, by rename), samples, levels, requests and
// injections as NDJSON, and at the end the verdict and its reports. A disk that fails during the
// run costs the record, not the run. Reading is record-reader.ts.

import { rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Clock, systemClock } from '../injectors/determinism.ts';
import { fileErrorReason } from './file-error.ts';
import { freshFolder, makeFolder } from './make-folder.ts';
import type { Facts, Injection, PhaseMark, RequestRow, RunHeader, RunRecord } from './record.ts';
import { redact, redactText } from './redact.ts';
import { droppedRows, flushing, openRowFiles, type RowFile, rowFiles } from './row-files.ts';
import type { Level, Sample } from './series/sample.ts';
import type { Suspect } from './verdict.ts';

/** What run.json holds; an update names only what changed. */
export interface RunState {
  readonly header: RunHeader;
  readonly phases: readonly PhaseMark[];
  readonly facts: Facts;
  readonly warnings: readonly string[];
  readonly interrupted: string | null;
  readonly suspects: readonly Suspect[];
}

export type ReportFile =
  | 'verdict.json'
  | 'report.html'
  | 'junit.xml'
  | 'report.md'
  /** The last that the gateway wrote. */
  | 'gateway.log'
  /** What its ledger holds of the run; `facts.ledgerRows` says that it was read. */
  | 'ledger.ndjson';

export interface RecordStore extends AsyncDisposable {
  readonly dir: string;
  /** The header as written: without secrets, its id the folder's name. */
  readonly header: RunHeader;
  /** Where the run that is resumed here was cut short; null for a new one. */
  readonly earlier: RunState | null;
  /** Each resolves once there is room for more; none rejects. */
  sample(row: Sample): Promise<void>;
  level(row: Level): Promise<void>;
  request(row: RequestRow): Promise<void>;
  /** Once when the fault starts and again when it is healed: the later row replaces the first. */
  injection(row: Injection): Promise<void>;
  update(change: Partial<RunState>): Promise<void>;
  /** Writes one report beside the record; false, and a warning, when that failed. */
  write(name: ReportFile, text: string): Promise<boolean>;
  /** Flushes and closes; run.json is written last, so `endedAt` promises that the rest is there. */
  finish(change?: Partial<RunState>): Promise<void>;
  /** Removes the folder: nothing was measured, so there is nothing to keep. */
  discard(): Promise<void>;
  /** What went wrong with writing, for the verdict's warnings. */
  readonly warnings: readonly string[];
}

/** A run that was cut short, read back, and the folder it lies in. */
export interface CutRun {
  readonly dir: string;
  readonly record: RunRecord;
}

export interface RecordStoreOptions {
  /** Folder that holds one folder per run; made when missing. */
  readonly out: string;
  readonly header: RunHeader;
  readonly clock?: Clock;
}

/** Folder name of a run: sorts by time and is a valid file name everywhere. */
export function runId(startedAt: string, scenario: string): string {
  return `${startedAt.slice(0, 19).replaceAll(':', '')}-${scenario.replace(/[^\w.-]+/g, '-')}`;
}

/** Rejects with one sentence when the folder cannot be written. */
export async function openRecordStore(options: RecordStoreOptions): Promise<RecordStore> {
  const { header, clock = systemClock } = options;
  const out = resolve(options.out);
  let dir: string | null = null;
  try {
    await makeFolder(out);
    dir = await freshFolder(out, runId(header.startedAt, header.scenario));
    const state = emptyState({ ...redact(header), id: basename(dir) });
    return await openIn(dir, state, null, clock);
  } catch (error) {
    // Half a folder would look like a run; nothing was measured yet.
    if (dir !== null) await rm(dir, { recursive: true, force: true }).catch(() => undefined);
    throw new Error(
      `Cannot write the run record to ${out}: ${fileErrorReason(error)}. Name another folder with --out.`,
      { cause: error },
    );
  }
}

/** Goes on with the record of a run that was cut short; what it holds stays as it is. */
export async function reopenRecordStore(
  { dir, record }: CutRun,
  clock: Clock = systemClock,
): Promise<RecordStore> {
  const { header, phases, facts, warnings, suspects, interrupted } = record;
  const lastMs = Math.max(record.levels.at(-1)?.timeMs ?? 0, record.samples.at(-1)?.timeMs ?? 0);
  const earlier = {
    header,
    phases: phases.map((mark) => ({
      ...mark,
      endMs: mark.endMs ?? Math.max(mark.startMs, lastMs),
    })),
    facts,
    suspects,
    interrupted,
    warnings,
  };
  const told =
    `The run was cut short after ${Math.round(lastMs / 1000)} s and resumed. A process of the ` +
    'gateway that was started anew begins with fresh memory, so each is judged by itself.';
  const resumed = { ...earlier, header: { ...header, endedAt: null }, interrupted: null };
  return await openIn(dir, { ...resumed, warnings: [...warnings, told] }, earlier, clock);
}

function emptyState(header: RunHeader): RunState {
  return { header, phases: [], facts: {}, warnings: [], interrupted: null, suspects: [] };
}

async function openIn(
  dir: string,
  begin: RunState,
  earlier: RunState | null,
  clock: Clock,
): Promise<RecordStore> {
  const warnings: string[] = [];
  let isStopped = false;
  let isFinished = false;

  const stop = (name: string) => (error: unknown) => {
    if (!isStopped) warnings.push(`The record is incomplete: ${cannotWrite(dir, name, error)}`);
    isStopped = true;
  };
  const files = await openRowFiles(dir, stop, earlier !== null);
  const allWarnings = () => [...warnings, ...droppedRows(files)];
  const closeAll = async () => {
    for (const name of rowFiles) await files[name].close().catch(stop(`${name}.ndjson`));
  };
  const state = await openState(dir, begin, allWarnings, stop('run.json')).catch(
    async (error: unknown) => {
      await closeAll();
      throw error;
    },
  );
  const cancelTick = flushing(files, clock);
  const append = (name: RowFile, row: object) =>
    isStopped || isFinished ? Promise.resolve() : files[name].append(row);
  const finish = async (change: Partial<RunState> = {}) => {
    if (isFinished) return;
    isFinished = true;
    cancelTick();
    await closeAll();
    await state.update(change);
  };
  return {
    dir,
    get header() {
      return state.header;
    },
    sample: (row) => append('samples', row),
    level: (row) => append('levels', row),
    request: (row) => append('requests', withSafeError(row)),
    injection: (row) => append('injections', row),
    update: (change) => (isFinished ? Promise.resolve() : state.update(change)),
    async write(name, text) {
      try {
        await writeReport(dir, name, text);
        return true;
      } catch (error) {
        warnings.push(cannotWrite(dir, name, error));
        return false;
      }
    },
    finish,
    earlier: earlier && begin,
    async discard() {
      // Of a resumed run what was there before stays.
      if (earlier !== null) return await finish(earlier);
      await finish();
      await rm(dir, { recursive: true, force: true });
    },
    get warnings() {
      return allWarnings();
    },
    [Symbol.asyncDispose]: () => finish(),
  };
}

/** run.json: writes queue behind each other; they are few (phases, facts, end). */
async function openState(
  dir: string,
  begin: RunState,
  storeWarnings: () => readonly string[],
  onError: (error: unknown) => void,
) {
  let state = begin;
  const save = () => {
    const warnings = [...state.warnings, ...storeWarnings()];
    const text = JSON.stringify(redact({ ...state, warnings }), null, 2);
    return writeReport(dir, 'run.json', `${text}\n`);
  };
  await save();
  let writing: Promise<void> = Promise.resolve();
  return {
    get header() {
      return state.header;
    },
    update(change: Partial<RunState>): Promise<void> {
      const next = { ...state, ...change };
      state = { ...next, header: { ...redact(next.header), id: begin.header.id } };
      writing = writing.then(save).catch(onError);
      return writing;
    },
  };
}

/** Error texts come from outside: they may quote a header, and they may be long. */
function withSafeError(row: RequestRow): RequestRow {
  return row.error === undefined ? row : { ...row, error: redactText(row.error.slice(0, 2000)) };
}

/** A reader sees the old file or the new one, never half of either. */
export async function writeReport(dir: string, name: string, text: string): Promise<void> {
  const temporary = join(dir, `.${name}.part`);
  try {
    await writeFile(temporary, text);
    await rename(temporary, join(dir, name));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

function cannotWrite(dir: string, name: string, error: unknown): string {
  const remedy = 'Free space or name another folder with --out.';
  return `Cannot write ${name} in ${dir}: ${fileErrorReason(error)}. ${remedy}`;
}

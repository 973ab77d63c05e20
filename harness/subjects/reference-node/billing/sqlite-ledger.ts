// The ledger in SQLite, in this process. WAL lets others read it while it is written.
// Source: https://nodejs.org/docs/latest-v24.x/api/sqlite.html, https://sqlite.org/wal.html

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Ledger } from './ledger.ts';

export interface SqliteLedger extends Ledger {
  readonly path: string;
  rowCount(): number;
}

const openLimitMs = 1_000;

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS ledger (
    request_id    TEXT    PRIMARY KEY,
    model         TEXT    NOT NULL,
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    is_estimated  INTEGER NOT NULL,
    written_at    TEXT    NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
  ) STRICT, WITHOUT ROWID;`;

/**
 * Opens the ledger at `path`. Without one it lies in a temporary file, removed on close: a ledger
 * in memory would grow with every request and look like the leak that this gateway must not have.
 */
export function openSqliteLedger(path: string | undefined): SqliteLedger {
  const folder = path === undefined ? mkdtempSync(join(tmpdir(), 'leakbed-ledger-')) : undefined;
  const file = path ?? join(`${folder}`, 'ledger.sqlite');
  const database = openDatabase(file);
  const insert = database.prepare(
    `INSERT INTO ledger (request_id, model, input_tokens, output_tokens, is_estimated)
     VALUES (?, ?, ?, ?, ?) ON CONFLICT (request_id) DO NOTHING`,
  );
  const find = database.prepare('SELECT 1 FROM ledger WHERE request_id = ?');
  const count = database.prepare('SELECT count(*) AS rows FROM ledger');
  return {
    path: file,
    record({ requestId, model, inputTokens, outputTokens, isEstimated }) {
      insert.run(requestId, model, inputTokens, outputTokens, isEstimated ? 1 : 0);
    },
    has: (requestId) => find.get(requestId) !== undefined,
    rowCount: () => Number(count.get()?.rows ?? 0),
    close() {
      database.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function openDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { timeout: openLimitMs });
    database.exec(schema);
    // Waiting for a lock would hold the event loop; the worker tries again instead.
    database.exec('PRAGMA busy_timeout = 0');
    return database;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot open ledger ${file}: ${reason}. Set LEDGER to a file in a writable folder.`,
    );
  }
}

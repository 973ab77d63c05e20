// The ledger in Postgres. One connection, because one worker writes; a connection that is lost or
// answers too late is replaced by the next write, which the worker tries until it is done. Nothing
// here waits for the database on a request's way, so a database that is away fills the queue only.
// Source: https://node-postgres.com/apis/pool

import pg from 'pg';
import type { Ledger } from './ledger.ts';
import type { BillingEvent } from './queue.ts';

const connectLimitMs = 5_000;
const answerLimitMs = 10_000;
/** Ids of so many written rows are remembered, to refuse a request that repeats one of them. */
const knownIds = 1_000;

const schema = `
  CREATE TABLE IF NOT EXISTS ledger (
    request_id    text        PRIMARY KEY,
    model         text        NOT NULL,
    input_tokens  integer     NOT NULL,
    output_tokens integer     NOT NULL,
    is_estimated  boolean     NOT NULL,
    written_at    timestamptz NOT NULL DEFAULT now()
  )`;

const insert = {
  name: 'insert',
  text: `INSERT INTO ledger (request_id, model, input_tokens, output_tokens, is_estimated)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (request_id) DO NOTHING`,
};

export async function openPostgresLedger(url: string): Promise<Ledger> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: connectLimitMs,
    query_timeout: answerLimitMs,
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the next write.
  pool.on('error', () => undefined);
  try {
    await pool.query(schema);
  } catch (error) {
    await pool.end();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot open the ledger in ${shownUrl(url)}: ${reason}. ` +
        'Is the database up, and may this user create a table in it?',
    );
  }
  const known = new Set<string>();
  return {
    async record(event) {
      await pool.query({ ...insert, values: rowOf(event) });
      known.add(event.requestId);
      if (known.size > knownIds) known.delete(known.values().next().value ?? '');
    },
    has: (requestId) => known.has(requestId),
    close: () => pool.end(),
  };
}

const rowOf = ({ requestId, model, inputTokens, outputTokens, isEstimated }: BillingEvent) => [
  requestId,
  model,
  inputTokens,
  outputTokens,
  isEstimated,
];

/** Without its password. */
function shownUrl(text: string): string {
  const url = new URL(text);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

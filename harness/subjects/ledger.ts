// What the requests of a run left in the gateway's ledger: a row for each billed request, by the id
// that it was sent with. Asked once, at the end of a run, in whatever SQL the ledger needs; what
// answers in no time is an error, not an empty ledger.
// Source: https://node-postgres.com/apis/client
// Source: https://nodejs.org/docs/latest-v24.x/api/sqlite.html

import { fill } from '../profiles/fill.ts';
import type { LedgerPlace } from '../profiles/profile.ts';
import type { LedgerRow } from '../record.ts';
import { redactText } from '../redact.ts';

interface FoundRow {
  readonly id?: unknown;
  readonly input_tokens?: unknown;
  readonly output_tokens?: unknown;
}

/** The reference gateways' own. */
const ownQuery =
  'SELECT request_id AS id, input_tokens, output_tokens FROM ledger ' +
  "WHERE request_id LIKE '{run}-%'";
const answerLimitMs = 10_000;

export async function readLedger(
  { url, query = ownQuery }: LedgerPlace,
  run: string,
): Promise<readonly LedgerRow[]> {
  const ask = url.startsWith('sqlite:') ? askSqlite : askPostgres;
  try {
    return (await ask(url, fill(query, { run }))).map(readRow);
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new Error(
      `Cannot read the ledger ${redactText(url)}: ${reason}. Is its database up, does its table ` +
        'have these columns?',
      { cause: error },
    );
  }
}

async function askPostgres(url: string, query: string): Promise<readonly FoundRow[]> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: answerLimitMs,
    query_timeout: answerLimitMs,
  });
  // A connection that breaks fails the query as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<FoundRow>(query)).rows;
  } finally {
    // Not waited for: a server that no longer answers would hold it.
    void client.end().catch(() => undefined);
  }
}

async function askSqlite(url: string, query: string): Promise<readonly FoundRow[]> {
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(url.slice('sqlite:'.length), {
    readOnly: true,
    // A gateway that is just writing is waited for.
    timeout: answerLimitMs,
  });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

function readRow({ id, input_tokens: input, output_tokens: output }: FoundRow): LedgerRow {
  const isTold = input !== undefined && output !== undefined;
  const tokens = isTold ? { inputTokens: Number(input), outputTokens: Number(output) } : null;
  return { id: String(id), tokens };
}

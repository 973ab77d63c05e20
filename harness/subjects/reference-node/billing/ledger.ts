// The ledger's contract: one row for each billable request, keyed by the request id, so that an
// event which is delivered twice is billed once. Postgres where DATABASE_URL is set, SQLite else.

import type { Settings } from '../settings.ts';
import type { BillingEvent } from './queue.ts';

export interface Ledger {
  /** Throws or rejects when the row could not be written; a row that is there already is left. */
  record(event: BillingEvent): void | Promise<void>;
  /** Whether the id is known to be billed; Postgres is asked no question on a request's way. */
  has(requestId: string): boolean;
  close(): void | Promise<void>;
}

export async function openLedger({
  databaseUrl,
  ledgerPath,
}: Pick<Settings, 'databaseUrl' | 'ledgerPath'>): Promise<Ledger> {
  if (databaseUrl === undefined) {
    const { openSqliteLedger } = await import('./sqlite-ledger.ts');
    return openSqliteLedger(ledgerPath);
  }
  const { openPostgresLedger } = await import('./postgres-ledger.ts');
  return await openPostgresLedger(databaseUrl);
}

// At the end of a run: what the gateway's ledger holds of it, kept in the record. Also of a gateway
// that died: what it had not billed by then is lost, and known by its id.

import type { LedgerPlace } from '../profiles/profile.ts';
import type { Facts } from '../record.ts';
import type { RecordStore } from '../record-store.ts';
import { readLedger } from '../subjects/ledger.ts';

/** How many rows were read; null where that failed, which is told. */
export async function keepLedger(
  place: LedgerPlace,
  store: RecordStore,
  warn: (text: string) => void,
): Promise<Facts> {
  try {
    const rows = await readLedger(place, store.header.id);
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    return (await store.write('ledger.ndjson', text)) ? { ledgerRows: rows.length } : unread;
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
    return unread;
  }
}

const unread = { ledgerRows: null };

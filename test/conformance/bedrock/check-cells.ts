// Runs a table of cells: every fault against every client that it names. boto3, which has to be
// installed first, meets them in behaviour.slow.ts.

import { test } from 'tap';
import type { ClientName } from '../../fixtures/bedrock-clients.ts';
import type { FaultRow } from './cell.ts';
import { runCell } from './run-cell.ts';

export function checkCells(rows: readonly FaultRow[]): void {
  for (const row of rows) {
    for (const [name, cell] of Object.entries(row.cells)) {
      const client = name as ClientName;
      if (client === 'boto3') continue;
      const { hangs, error } = cell;
      const outcome = hangs ? 'goes on waiting' : `reports ${error ? 'an error' : 'success'}`;
      test(`${client}, ${row.what} (${row.fault}): ${outcome}`, async (t) => {
        t.same((await runCell(t, client, row, cell)).problems, []);
      });
    }
  }
}

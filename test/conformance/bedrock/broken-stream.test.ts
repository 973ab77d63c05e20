// Faults of the transport inside a stream, against every client.

import { test } from 'tap';
import { brokenStreamRows, slowCells } from './broken-stream-cells.ts';
import { checkCells } from './check-cells.ts';

checkCells(brokenStreamRows);

for (const { what, instead } of slowCells) {
  test(what, { skip: `takes minutes; instead: ${instead}` }, async () => undefined);
}

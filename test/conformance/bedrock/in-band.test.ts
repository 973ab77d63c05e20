// Faults inside a valid HTTP answer, against every client.

import { checkCells } from './check-cells.ts';
import { inBandRows } from './in-band-cells.ts';

checkCells(inBandRows);

// Faults before the head of an answer, against every client.

import { beforeHeadRows } from './before-head-cells.ts';
import { checkCells } from './check-cells.ts';

checkCells(beforeHeadRows);

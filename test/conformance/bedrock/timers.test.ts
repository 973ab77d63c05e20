// The timers of the AWS SDK's handlers against a stream that falls silent.

import { checkCells } from './check-cells.ts';
import { timerRows } from './timer-cells.ts';

checkCells(timerRows);

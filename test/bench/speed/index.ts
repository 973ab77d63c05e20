// Every bench, in the order they are run: one line each.

import type { Bench } from './bench.ts';
import { converseStreams } from './converse-streams.ts';

export const benches: readonly Bench[] = [converseStreams];

// Every bench, in the order they are run: one line each.

import { analysis } from './analysis.ts';
import type { Bench } from './bench.ts';
import { bulkStreams } from './bulk-streams.ts';
import { converseStreams } from './converse-streams.ts';
import { loadGenerator } from './load-generator.ts';
import { tcpProxy } from './tcp-proxy.ts';

export const benches: readonly Bench[] = [
  converseStreams,
  bulkStreams,
  tcpProxy,
  loadGenerator,
  analysis,
];

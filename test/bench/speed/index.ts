// Every bench, in the order they are run: one line each.

import { analysis } from './analysis.ts';
import type { Bench } from './bench.ts';
import { bulkStreams } from './bulk-streams.ts';
import { converseStreams } from './converse-streams.ts';
import { growth } from './growth.ts';
import { grpcMessages } from './grpc-messages.ts';
import { largeRequests } from './large-requests.ts';
import { loadGenerator } from './load-generator.ts';
import { memory } from './memory.ts';
import { sampling } from './sampling.ts';
import { slowStreams } from './slow-streams.ts';
import { start } from './start.ts';
import { tcpProxy } from './tcp-proxy.ts';

export const benches: readonly Bench[] = [
  converseStreams,
  bulkStreams,
  grpcMessages,
  largeRequests,
  memory,
  slowStreams,
  growth,
  tcpProxy,
  loadGenerator,
  sampling,
  analysis,
  start,
];

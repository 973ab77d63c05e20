// What every SDK makes of every fault, by the fault's name.

import { grpcObservations } from './grpc.ts';
import type { Observations } from './observation.ts';
import { responseObservations } from './response.ts';
import { streamObservations } from './stream.ts';
import { tcpObservations } from './tcp.ts';

export const observations: Observations = {
  ...streamObservations,
  ...responseObservations,
  ...grpcObservations,
  ...tcpObservations,
};

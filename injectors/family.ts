// Where the faults of a family act, so that each is put in force in the right place: in answers by
// the plan of the fake providers, on connections by the proxy, in the load, around the gateway.

import type { FaultFamily } from './injector.ts';

const places = {
  stream: 'answer',
  response: 'answer',
  grpc: 'answer',
  tcp: 'connection',
  client: 'load',
  ambient: 'gateway',
  leaks: 'gateway',
} as const satisfies Record<FaultFamily, string>;

export type FaultPlace = (typeof places)[FaultFamily];

export function placeOf(family: FaultFamily): FaultPlace {
  return places[family];
}

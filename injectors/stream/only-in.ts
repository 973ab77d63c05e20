// Where a fault cannot be that is about one framing alone.

import type { Exclusions } from '../injector.ts';
import type { Framing } from '../stream.ts';

const names: Readonly<Record<Framing, string>> = {
  'event-stream': 'an AWS event stream',
  sse: 'a stream of server-sent events',
  'json-array': 'a JSON array',
  grpc: 'a gRPC stream',
  websocket: 'a WebSocket',
  body: 'one body',
};

/** `thing`: what only this framing has, for instance "lines". */
export function onlyIn(framing: Framing, thing: string): Exclusions {
  const others = Object.entries(names).filter(([name]) => name !== framing);
  return Object.fromEntries(
    others.map(([name, what]) => [name, `this answer is ${what}, which has no ${thing}`]),
  );
}

/** Of faults that never let an answer end: one that is built before it is sent would not be. */
export const streamsOnly: Exclusions = {
  body: 'this answer is no stream, and is sent when all of it is known',
};

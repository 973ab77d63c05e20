// A flood of PING (CVE-2019-9512): each asks for an acknowledgement, and clients differ in how many
// of those they let wait.

import { defineInjector } from '../injector.ts';
import { explainPosition } from '../position.ts';
import { breakAt } from '../stream/break-at.ts';
import { http2Only } from './exclusions.ts';
import { floodOptions } from './flood-options.ts';

export const pingFlood = defineInjector({
  name: 'ping-flood',
  family: 'grpc',
  summary: 'Sends thousands of PING frames at once.',
  options: floodOptions,
  example: 'ping-flood;at=2',
  isTerminal: true,
  notOn: http2Only,
  explain: ({ at, count, end }) => `sends ${count} PING ${explainPosition(at)}, then ${end}`,
  wire: (frames, { at, count, end: next }, context) =>
    breakAt(frames, at, { kind: 'flood', of: 'ping', count, next }, `${count} PING`, context),
});

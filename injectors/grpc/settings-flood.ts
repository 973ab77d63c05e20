// A flood of empty SETTINGS (CVE-2019-9515): each asks for an acknowledgement, and clients differ
// in how many of those they let wait.

import { defineInjector } from '../injector.ts';
import { explainPosition } from '../position.ts';
import { breakAt } from '../stream/break-at.ts';
import { http2Only } from './exclusions.ts';
import { floodOptions } from './flood-options.ts';

export const settingsFlood = defineInjector({
  name: 'settings-flood',
  family: 'grpc',
  summary: 'Sends thousands of SETTINGS frames at once.',
  options: floodOptions,
  example: 'settings-flood;at=2',
  isTerminal: true,
  notOn: http2Only,
  explain: ({ at, count, end }) => `sends ${count} SETTINGS ${explainPosition(at)}, then ${end}`,
  wire: (frames, { at, count, end: next }, context) =>
    breakAt(
      frames,
      at,
      { kind: 'flood', of: 'settings', count, next },
      `${count} SETTINGS`,
      context,
    ),
});

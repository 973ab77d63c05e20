// Everything is said but that it is over: the last event has come, the end of the message has not,
// and a client that waits for it waits for ever.

import { defineInjector } from '../injector.ts';
import { breakAt } from './break-at.ts';

export const withholdEnd = defineInjector({
  name: 'withhold-end',
  family: 'stream',
  summary: 'Sends every event but never the end of the message.',
  options: {},
  example: 'withhold-end',
  isTerminal: true,
  explain: () =>
    'sends every event and leaves the message open; on a WebSocket that is all there is',
  wire: (frames, _options, context) =>
    breakAt(frames, { kind: 'end' }, { kind: 'hang' }, 'no end', context),
});

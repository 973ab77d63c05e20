// A server that lets nobody send: SETTINGS_INITIAL_WINDOW_SIZE becomes 0 (RFC 9113 section 6.9.2),
// so this answer may still come, and the body of every later request on the connection waits.

import { defineInjector } from '../injector.ts';
import { choice } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from '../stream/break-at.ts';
import { http2Only } from './exclusions.ts';

export const zeroWindow = defineInjector({
  name: 'zero-window',
  family: 'grpc',
  summary: 'Leaves no room for the bodies of later requests on the connection.',
  options: {
    at: position('end', 'where the setting comes'),
    end: choice(['complete', 'hang'], 'complete', 'what becomes of this answer then'),
  },
  example: 'zero-window',
  isTerminal: true,
  notOn: http2Only,
  explain: ({ at, end }) => `sets the window to 0 ${explainPosition(at)}, then ${end}`,
  wire: (frames, { at, end: next }, context) =>
    breakAt(frames, at, { kind: 'zero-window', next }, 'window 0', context),
});

// A server that lets nobody send: SETTINGS_INITIAL_WINDOW_SIZE becomes 0 (RFC 9113 section 6.9.2),
// so this answer may still come, and the body of every later request on the connection waits.

import { defineSetting } from './connection-frames.ts';

export const zeroWindow = defineSetting(
  {
    name: 'zero-window',
    summary: 'Leaves no room for the bodies of later requests on the connection.',
  },
  { initialWindowSize: 0 },
  'the window to 0',
);

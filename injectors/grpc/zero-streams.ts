// A server that lets nobody ask: SETTINGS_MAX_CONCURRENT_STREAMS becomes 0 (RFC 9113 section
// 6.5.2), so later requests wait inside the client until it gives them up or takes another
// connection.

import { defineSetting } from './connection-frames.ts';

export const zeroStreams = defineSetting(
  { name: 'zero-streams', summary: 'Allows no later request on the connection.' },
  { maxConcurrentStreams: 0 },
  'the most streams to 0',
);

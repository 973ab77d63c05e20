// Headers that cannot be decompressed: index 0 is no entry of any table (RFC 7541 section 6.1), and
// the compression of the whole connection is lost with it.

import { defineBrokenFrame } from './connection-frames.ts';

export const badHpack = defineBrokenFrame(
  { name: 'bad-hpack', summary: 'Sends HTTP/2 headers that cannot be decompressed.' },
  'hpack',
  'headers that are no HPACK',
);

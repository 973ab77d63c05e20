// A DATA frame that declares four bytes and has two: the framing is right so far, and whoever reads
// it waits for the rest (RFC 9113 section 4.1).

import { defineBrokenFrame } from './connection-frames.ts';

export const halfFrame = defineBrokenFrame(
  { name: 'half-frame', summary: 'Sends the first half of an HTTP/2 DATA frame.' },
  'half',
  'half a DATA frame',
);

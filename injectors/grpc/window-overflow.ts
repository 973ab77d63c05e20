// More room than can be counted: a WINDOW_UPDATE that takes the connection's window past 2^31 - 1
// is an error of the connection (RFC 9113 section 6.9.1).

import { defineBrokenFrame } from './connection-frames.ts';

export const windowOverflow = defineBrokenFrame(
  { name: 'window-overflow', summary: "Raises the connection's window past its limit." },
  'window',
  'a WINDOW_UPDATE too many',
);

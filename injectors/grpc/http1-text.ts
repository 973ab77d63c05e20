// An answer of HTTP/1.1 in the middle of HTTP/2, as from a proxy that lost track of its connection:
// read as a frame, its first letters are a length of five megabytes.

import { defineBrokenFrame } from './connection-frames.ts';

export const http1Text = defineBrokenFrame(
  { name: 'http1-text', summary: 'Sends an HTTP/1.1 answer on an HTTP/2 connection.' },
  'http1-text',
  'an HTTP/1.1 answer',
);

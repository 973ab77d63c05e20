// A server that takes a hundred bytes of headers: SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113 section
// 6.5.2) is advice, and a client that heeds it cannot send any real request.

import { defineSetting } from './connection-frames.ts';

export const smallHeaderList = defineSetting(
  {
    name: 'small-header-list',
    summary: 'Leaves no room for the headers of later requests on the connection.',
  },
  { maxHeaderListSize: 100 },
  'the largest header list to 100 bytes',
);

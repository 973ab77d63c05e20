// A flood of DATA frames without a byte and without an end (CVE-2019-9518): flow control counts
// bytes, so nothing holds them back.

import { defineFlood } from './connection-frames.ts';

export const emptyDataFlood = defineFlood(
  { name: 'empty-data-flood', summary: 'Sends thousands of empty DATA frames at once.' },
  'empty-data',
  'empty DATA',
);

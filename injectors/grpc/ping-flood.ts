// A flood of PING (CVE-2019-9512): each asks for an acknowledgement, and clients differ in how many
// of those they let wait.

import { defineFlood } from './connection-frames.ts';

export const pingFlood = defineFlood(
  { name: 'ping-flood', summary: 'Sends thousands of PING frames at once.' },
  'ping',
  'PING',
);

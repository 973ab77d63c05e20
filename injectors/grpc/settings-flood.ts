// A flood of empty SETTINGS (CVE-2019-9515): each asks for an acknowledgement, and clients differ
// in how many of those they let wait.

import { defineFlood } from './connection-frames.ts';

export const settingsFlood = defineFlood(
  { name: 'settings-flood', summary: 'Sends thousands of SETTINGS frames at once.' },
  'settings',
  'SETTINGS',
);

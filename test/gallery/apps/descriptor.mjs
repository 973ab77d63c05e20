// A file is opened for one request in 25 and never closed: a number, and no memory to speak of.

import { openSync } from 'node:fs';

export function openLog(id) {
  if (id % 25 === 0) openSync('/dev/null', 'a');
}

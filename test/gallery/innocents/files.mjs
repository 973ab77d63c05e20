// A file is opened, read and closed with every request, and now and then held for a while.

import { closeSync, openSync } from 'node:fs';

export function read(id) {
  const descriptor = openSync('/proc/self/stat', 'r');
  if (id % 20 === 0) setTimeout(() => closeSync(descriptor), 30);
  else closeSync(descriptor);
}

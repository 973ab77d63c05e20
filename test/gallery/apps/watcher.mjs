// One request in ten watches its configuration for changes, and goes on watching.

import { watch } from 'node:fs';

const watchers = [];

export function followChanges(id) {
  if (id % 10 === 0) watchers.push(watch('/proc/self'));
}

// Marks for a timeline that nobody clears.

import { performance } from 'node:perf_hooks';

export function mark(id) {
  performance.mark(`request ${id}`, { detail: { id } });
}

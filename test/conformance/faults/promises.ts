// Whether a cell is as the catalogue promises. A promise is the cell's own words; `|` stands
// between two outcomes of which either may win a race, and `0-3` for the events that a broken
// connection may take along.

import type { FaultCell } from './fault-cell.ts';

/** A sentence for what is wrong with a cell, or nothing. */
export function problemOf(
  cell: FaultCell,
  promise: string,
  undisturbed: string,
): string | undefined {
  if (cell.excluded !== undefined) {
    const first = cell.observed.split(', then ')[0];
    if (promise !== 'n/a') return `promised "${promise}", but it cannot be here: ${cell.excluded}`;
    return first === undisturbed ? undefined : `left alone, the SDK observed "${cell.observed}"`;
  }
  if (cell.notes.length === 0) return 'neither the journal nor the proxy knows of the fault';
  const isKept = promise.split(' | ').some((one) => matches(cell.observed, one));
  return isKept ? undefined : `promised "${promise}", observed "${cell.observed}"`;
}

function matches(observed: string, promise: string): boolean {
  const range = / (\d+)-(\d+)$/.exec(promise);
  if (range === null) return observed === promise;
  const [words, low, high] = [promise.slice(0, range.index), Number(range[1]), Number(range[2])];
  const events = Number(observed.slice(observed.lastIndexOf(' ')));
  return observed.startsWith(`${words} `) && events >= low && events <= high;
}

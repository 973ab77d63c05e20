// The last thousand lines of a log, in a ring.

const lines = new Array(1_000).fill('');

export function log(id) {
  lines[id % lines.length] = `request ${id} `.repeat(8).split('').join('');
}

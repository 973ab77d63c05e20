// How figures are written on the page, as in the reports: binary units, digits that carry meaning.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function writeNumber(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  if (size >= 1) return value.toFixed(1).replace(/\.0$/, '');
  return size < 1e-6 ? '0' : String(Number(value.toPrecision(2)));
}

export function writeBytes(bytes) {
  if (bytes === null || bytes === undefined) return '-';
  let index = 0;
  for (let size = Math.abs(bytes); size >= 10_240 || (index > 0 && size >= 1024); size /= 1024) {
    index += 1;
  }
  return `${writeNumber(bytes / 1024 ** index)} ${units[index]}`;
}

export function writeMs(ms) {
  if (ms === null || ms === undefined) return '-';
  if (ms < 1000) return `${writeNumber(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${writeNumber(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

export const isBytes = (metric) => metric.endsWith('Bytes');

/** What metrics are called here; the rest go by their own names. */
const labels = {
  heapBytes: 'live heap',
  externalBytes: 'external',
  anonBytes: 'anonymous memory',
  rssBytes: 'resident memory',
  nativeBytes: 'native memory',
  fdCount: 'file descriptors',
  socketCount: 'sockets',
  handleCount: 'handles',
  taskCount: 'tasks',
  threadCount: 'threads',
  pythonBlocks: 'Python blocks',
  queueDepth: 'events waiting',
};

export function labelOf(metric) {
  return labels[metric] ?? metric;
}

/** `2.3 KiB [2.2, 2.5]`: estimate and interval in one unit. */
export function writeRate(rate, metric) {
  if (rate === null || rate === undefined) return '-';
  const { estimate, low, high } = rate;
  if (!isBytes(metric)) {
    return `${writeNumber(estimate)} [${writeNumber(low)}, ${writeNumber(high)}]`;
  }
  const kibi = Math.abs(estimate) >= 10_240;
  const [e, l, h] = [estimate, low, high].map((each) => writeNumber(each / (kibi ? 1024 : 1)));
  return `${e} ${kibi ? 'KiB' : 'B'} [${l}, ${h}]`;
}

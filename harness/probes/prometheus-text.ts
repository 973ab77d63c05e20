// Reads one metric out of Prometheus' text format. Pure.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/

/** The sum over all label sets; undefined when the metric is not there. */
export function readMetric(text: string, name: string): number | undefined {
  let sum: number | undefined;
  for (const line of text.split('\n')) {
    if (!line.startsWith(name)) continue;
    const rest = line.slice(name.length);
    // Another metric may have this one's name as its beginning.
    if (!/^[\s{]/.test(rest)) continue;
    // Label values may contain spaces and braces: the value follows the last brace.
    const value = rest
      .slice(rest.lastIndexOf('}') + 1)
      .trim()
      .split(/\s+/)[0];
    const number = numberOf(value ?? '');
    if (Number.isFinite(number)) sum = (sum ?? 0) + number;
  }
  return sum;
}

function numberOf(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}

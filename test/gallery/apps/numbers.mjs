// Latencies are kept for a percentile that nobody asks for: an array of numbers and nothing else.

const latencies = [];

export function observe(id) {
  for (let step = 0; step < 256; step++) latencies.push(id + step);
}

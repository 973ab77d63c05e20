// Latencies in buckets: as many numbers as there are buckets, however many requests.

const buckets = new Map();

export function observe(id) {
  const bucket = Math.floor(Math.log2(1 + ((id * 7_919) % 100_000)));
  buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
}

// Answers are kept for two seconds and swept twice a second.

const kept = new Map();

setInterval(() => {
  for (const [key, { until }] of kept) if (until < Date.now()) kept.delete(key);
}, 500);

export function keep(id) {
  kept.set(id, { until: Date.now() + 2_000, trace: new Array(128).fill(id) });
}

// A counter for each key: as many keys as there are questions.

const usage = new Map();

export function count(_id, { key }) {
  const entry = usage.get(key) ?? { requests: 0, byHour: new Array(64).fill(0) };
  entry.requests++;
  usage.set(key, entry);
}

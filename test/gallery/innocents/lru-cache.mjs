// Answers by question, the 500 last used: full soon after the start.

const cache = new Map();

export function lookUp(id, { key }) {
  const answer = cache.get(key) ?? { id, trace: new Array(256).fill(id) };
  cache.delete(key);
  cache.set(key, answer);
  if (cache.size > 500) cache.delete(cache.keys().next().value);
}

// The same with room for 4,000 answers: it is still filling when it is first looked at.

const cache = new Map();

export function lookUp(id, { key }) {
  const answer = cache.get(key) ?? { id, trace: new Array(128).fill(id) };
  cache.delete(key);
  cache.set(key, answer);
  if (cache.size > 4_000) cache.delete(cache.keys().next().value);
}

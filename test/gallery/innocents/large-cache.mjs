// Room for 10,000 answers: only more questions than that tell it from a cache without a bound.

const cache = new Map();

export function lookUp(id, { key }) {
  cache.set(key, { id, trace: new Array(128).fill(id) });
  if (cache.size > 10_000) cache.delete(cache.keys().next().value);
}

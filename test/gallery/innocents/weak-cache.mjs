// A cache that holds its values weakly, and is swept of what died.

const cache = new Map();
const registry = new FinalizationRegistry((key) => {
  if (cache.get(key)?.deref() === undefined) cache.delete(key);
});

export function lookUp(id, { key }) {
  if (cache.get(key)?.deref() !== undefined) return;
  const value = { id, trace: new Array(64).fill(id) };
  cache.set(key, new WeakRef(value));
  registry.register(value, key);
}

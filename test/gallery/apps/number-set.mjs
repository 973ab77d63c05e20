// Ids already seen, kept for ever: a Set of integers.

const seenIds = new Set();

export function markSeen(id) {
  for (let part = 0; part < 64; part++) seenIds.add(id * 64 + part);
}

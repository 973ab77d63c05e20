// Buffers are taken from a pool and given back; it grows to what was in use at once.

const free = [];

export function use(id) {
  const buffer = free.pop() ?? Buffer.alloc(65_536);
  buffer.fill(id);
  setTimeout(() => free.length < 64 && free.push(buffer), 5);
}

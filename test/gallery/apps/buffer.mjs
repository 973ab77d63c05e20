// Chunks of answers are kept; their bytes lie outside V8's heap.

const chunks = [];

export function keepChunk(id) {
  chunks.push(Buffer.alloc(4_096, id));
}

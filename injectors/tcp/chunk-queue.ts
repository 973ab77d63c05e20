// What waits at one toxic: chunks in order, the last of them perhaps the end of the source. Every
// chunk is accounted for from when it comes to when it goes, so that a link can be bounded.

export interface Chunk {
  /** Undefined is the end of the source. */
  bytes: Buffer | undefined;
  /** When it came to this toxic. */
  readonly arrivedMs: number;
}

export interface ChunkQueue {
  peek(): Chunk | undefined;
  /** True when nothing waited before it. */
  push(bytes: Buffer | undefined, arrivedMs: number): boolean;
  /** Takes so many bytes off the first chunk, or the end. */
  take(byteCount: number): Buffer | undefined;
  takeAll(): readonly Chunk[];
}

/** What a chunk costs beside its bytes, so that very many very small ones are bounded too. */
const chunkCostBytes = 256;
const costOf = (bytes: Buffer | undefined): number => chunkCostBytes + (bytes?.length ?? 0);

/** `hold` is told of bytes that begin (or, below 0, cease) to wait. */
export function createChunkQueue(hold: (bytes: number) => void): ChunkQueue {
  const chunks: Chunk[] = [];
  return {
    peek: () => chunks[0],
    push(bytes, arrivedMs) {
      chunks.push({ bytes, arrivedMs });
      hold(costOf(bytes));
      return chunks.length === 1;
    },
    take(byteCount) {
      const chunk = chunks[0];
      const bytes = chunk?.bytes;
      if (chunk === undefined || bytes === undefined || byteCount >= bytes.length) {
        chunks.shift();
        hold(-costOf(bytes));
        return bytes;
      }
      chunk.bytes = bytes.subarray(byteCount);
      hold(-byteCount);
      return bytes.subarray(0, byteCount);
    },
    takeAll() {
      const all = chunks.splice(0);
      for (const { bytes } of all) hold(-costOf(bytes));
      return all;
    },
  };
}

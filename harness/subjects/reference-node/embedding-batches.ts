// How many texts go into one embedding call: as many as the provider takes, as long as the vectors
// that come back fit into a share of the memory that is free. What a text costs is learnt from the
// answers, so a model with larger vectors gets smaller batches; a machine under pressure too.

import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import type { Embeddings } from './core.ts';

/** Until the first answer: small enough for any model, large enough to learn from. */
const firstBatch = 8;
/** However little memory is free: smaller calls cost more time than they save memory. */
const leastBatch = 16;
/** Batches grow by this factor at most, so that one odd answer does not decide. */
const growth = 4;
/** Vectors in flight may take so much of what is free. */
const memoryShare = 0.1;
/** A number is text on the wire, then a double, then text again: 20 + 8 + 20 bytes. */
const bytesPerNumber = 48;

export interface EmbeddingBatches {
  /** Of the last batch; 0 before the first. */
  readonly lastSize: number;
  /**
   * Splits the texts and embeds one batch after the other; the order is kept. A `fixedSize` is used
   * as it is, up to the provider's limit.
   */
  run(
    texts: readonly string[],
    providerLimit: number,
    embed: (batch: readonly string[]) => Promise<Embeddings>,
    fixedSize?: number,
  ): Promise<Embeddings>;
}

export function createEmbeddingBatches(
  availableBytes: () => number = freeForVectors,
): EmbeddingBatches {
  let costBytes = 0;
  let lastSize = 0;
  let running = 0;

  const nextSize = (providerLimit: number): number => {
    if (costBytes === 0) return Math.min(firstBatch, providerLimit);
    // Requests that embed at the same time share what is free.
    const budget = (availableBytes() * memoryShare) / Math.max(1, running);
    const fitting = Math.floor(budget / costBytes);
    return Math.min(providerLimit, Math.max(leastBatch, Math.min(fitting, lastSize * growth)));
  };
  const learn = (texts: readonly string[], { vectors }: Embeddings) => {
    const numbers = vectors.reduce((sum, vector) => sum + vector.length, 0);
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    costBytes = Math.max(1, (numbers * bytesPerNumber + 2 * characters) / texts.length);
  };
  return {
    get lastSize() {
      return lastSize;
    },
    async run(texts, providerLimit, embed, fixedSize) {
      const vectors: (readonly number[])[] = [];
      let inputTokens = 0;
      running += 1;
      try {
        for (let start = 0; start < texts.length; ) {
          const size = Math.min(fixedSize ?? nextSize(providerLimit), providerLimit);
          const batch = texts.slice(start, start + size);
          start += batch.length;
          lastSize = size;
          const answer = await embed(batch);
          learn(batch, answer);
          for (const vector of answer.vectors) vectors.push(vector);
          inputTokens += answer.inputTokens;
        }
        return { vectors, inputTokens };
      } finally {
        running -= 1;
      }
    },
  };
}

/** The nearest of what limits memory: machine or cgroup, the process's own limits, V8's heap. */
function freeForVectors(): number {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  const free = [process.availableMemory(), ...freeUnderOwnLimits(), limit - used];
  return Math.max(0, Math.min(...free));
}

/** Of RLIMIT_DATA and RLIMIT_RSS, which process.availableMemory() does not know (getrlimit(2)). */
function freeUnderOwnLimits(): readonly number[] {
  const limits = textOf('/proc/self/limits');
  const status = textOf('/proc/self/status');
  return Object.entries({ 'data size': 'VmData', 'resident set': 'VmRSS' }).flatMap(
    ([limited, used]) => {
      const limit = new RegExp(`^Max ${limited}\\s+(\\d+)`, 'm').exec(limits)?.[1];
      const kib = new RegExp(`^${used}:\\s+(\\d+)`, 'm').exec(status)?.[1];
      return limit === undefined ? [] : [Number(limit) - Number(kib) * 1024];
    },
  );
}

/** Empty where there is no /proc. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

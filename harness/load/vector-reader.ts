// Reads the answer to an embeddings request: one JSON document, not parsed, in which there must be
// as many vectors as texts were sent. A gateway that splits a batch into calls and loses one of
// them still answers 200.

import type { BodyReader, OnContent } from './body-reader.ts';
import { readJson } from './json-reader.ts';

/** Longer than the key and the space that a gateway may put after it. */
const carriedLength = 40;

export function readVectors(onContent: OnContent, wantedCount: number): BodyReader {
  const document = readJson(onContent);
  let carried = '';
  let count = 0;
  return {
    ...document,
    read(chunk) {
      document.read(chunk);
      const text = carried + chunk.toString('latin1');
      let end = 0;
      // The key, not the word: every vector is also an object of the type "embedding".
      for (const { 0: key, index } of text.matchAll(/"embedding"\s*:/g)) {
        count += 1;
        end = index + key.length;
      }
      carried = text.slice(end).slice(-carriedLength);
    },
    problem() {
      const problem = document.problem();
      if (problem !== undefined || count === wantedCount) return problem;
      return `The answer has ${count} vectors for ${wantedCount} texts.`;
    },
  };
}

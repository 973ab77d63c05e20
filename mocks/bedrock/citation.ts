// A citation as Converse spells it, keys sorted: a range of characters of the first document.

import type { Citation } from '../../injectors/stream.ts';

export function citationJson({ title, quote, start, end }: Citation): object {
  return {
    location: { documentChar: { documentIndex: 0, end, start } },
    source: title,
    sourceContent: [{ text: quote }],
    title,
  };
}

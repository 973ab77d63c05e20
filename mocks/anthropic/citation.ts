// A citation as the Messages body spells it: a range of characters of the first document.

import type { Citation } from '../../injectors/stream.ts';

export function anthropicCitation({ title, quote, start, end }: Citation): object {
  return {
    type: 'char_location',
    cited_text: quote,
    document_index: 0,
    document_title: title,
    start_char_index: start,
    end_char_index: end,
  };
}

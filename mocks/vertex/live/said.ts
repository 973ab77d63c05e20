// What a client says until the model's next turn: texts as they come, speech by its length. It is
// bounded as the service's context window is: a fake must not keep all that a client sends.

import { invalid, type Sound } from './client-message.ts';
import { lengthMs } from './speech.ts';
import type { Said } from './turn.ts';

export interface Draft {
  addText(text: string): void;
  addSound(sound: Sound): void;
  /** What was said so far; the draft begins anew. */
  take(isToolResponse: boolean): Said;
}

/** As much as one message may hold. */
const longestText = 30_000_000;

export function createDraft(): Draft {
  let texts: string[] = [];
  let length = 0;
  let speechMs = 0;
  return {
    addText(text) {
      length += text.length + 1;
      if (length > longestText) throw invalid('The input is longer than the context window.');
      texts.push(text);
    },
    addSound(sound) {
      speechMs += lengthMs(sound);
    },
    take(isToolResponse) {
      const said = { text: texts.join('\n'), speechMs, isToolResponse };
      texts = [];
      length = 0;
      speechMs = 0;
      return said;
    },
  };
}

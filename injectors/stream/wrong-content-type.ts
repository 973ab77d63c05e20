// Another content type than the body has: clients that trust it decode the wrong way or not at all.

import { defineInjector } from '../injector.ts';
import { type OptionType, text } from '../options.ts';
import { needsOwnHead } from './needs-head.ts';
import { setHeader } from './set-header.ts';

export const wrongContentType = defineInjector({
  name: 'wrong-content-type',
  family: 'stream',
  summary: 'Declares another content type than the body has.',
  options: { type: mediaType('application/json', 'what is declared') },
  example: 'wrong-content-type;type=text/html',
  notOn: needsOwnHead,
  explain: ({ type }) => `declares ${type}`,
  head: (head, { type }, context) => {
    context.note(`declared as ${type}`);
    return setHeader(head, 'Content-Type', type);
  },
});

function mediaType(fallback: string, help: string): OptionType<string> {
  const base = text(fallback, help);
  const accepts = 'a media type such as text/html';
  return {
    ...base,
    accepts,
    parse(raw) {
      if (!/^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(String(raw))) throw new RangeError(accepts);
      return String(raw);
    },
  };
}

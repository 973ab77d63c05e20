// A redirect where no API has one (RFC 9110 section 15.4): some clients follow it, with or without
// the body and the credentials, others take it for an answer.

import { defineInjector } from '../injector.ts';
import { integer, text } from '../options.ts';
import { needsHead } from '../stream/needs-head.ts';
import { complete } from '../stream.ts';

export const redirect = defineInjector({
  name: 'redirect',
  family: 'response',
  summary: 'Sends the client elsewhere.',
  options: {
    code: integer(307, 'HTTP status: 307 and 308 keep the method', { min: 300, max: 308 }),
    to: text('/moved-by-leakbed', 'where to: a path of this server or a whole address'),
  },
  example: 'redirect;code=307',
  isTerminal: true,
  notOn: needsHead,
  explain: ({ code, to }) => `redirects to ${to} (${code})`,
  head: (head, { code, to }) => ({
    ...head,
    status: code,
    headers: { Location: encodeURI(to), 'Content-Length': '0' },
  }),
  // biome-ignore lint/correctness/useYield: a redirect has no body to yield.
  *wire(_frames, { code, to }, context) {
    context.note(`${code} to ${to}`);
    return complete;
  },
});

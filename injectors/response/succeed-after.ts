// Fails so many times and then works: the case that retries are made for. What a client keeps of
// the attempts that failed shows once one has succeeded.

import { defineInjector } from '../injector.ts';
import { integer, text, word } from '../options.ts';
import { refusal } from './refusal.ts';

export const succeedAfter = defineInjector({
  name: 'succeed-after',
  family: 'response',
  summary: 'Fails the first requests and serves all that come after them.',
  options: {
    failures: integer(2, 'requests that fail', { min: 1, max: 1_000_000_000 }),
    every: integer(0, 'fails as many again at every so many requests; 0: only once', {
      min: 0,
      max: 1_000_000_000,
    }),
    name: word('unavailable', "a neutral name or one of the provider's own"),
    message: text('', "the error's text; empty: what the provider itself says"),
  },
  example: 'succeed-after;failures=1',
  isTerminal: true,
  explain: ({ failures, every, name }) =>
    `answers the first ${failures} requests${every > 0 ? ` of every ${every}` : ''} with ${name}`,
  admit: ({ failures, every }) => ({
    windowMs: Number.POSITIVE_INFINITY,
    acts: ({ index }) => (every > 0 ? index % every : index) < failures,
  }),
  wire: (_frames, { name, message }, context) => {
    context.note(`failed: ${name}`);
    return refusal(name, message);
  },
});

// So many requests in each window of time, and an error for every other one: what a provider's
// quota per minute looks like to a client, and how retries that do not wait use it up. Windows
// follow each other from when the plan was set, whenever requests come.

import { defineInjector } from '../injector.ts';
import { duration, integer, text, word } from '../options.ts';
import { refusal } from './refusal.ts';

export const quota = defineInjector({
  name: 'quota',
  family: 'response',
  summary: 'Serves so many requests in each window and refuses the others.',
  options: {
    count: integer(10, 'requests served in each window', { min: 0, max: 1_000_000_000 }),
    window: duration('60s', 'length of a window'),
    name: word('throttling', "a neutral name or one of the provider's own"),
    message: text('', "the error's text; empty: what the provider itself says"),
  },
  example: 'quota;count=2;window=10s',
  isTerminal: true,
  explain: ({ count, window, name }) =>
    `serves ${count} requests every ${window} ms and answers the others with ${name}`,
  admit: ({ count, window }) => ({
    windowMs: Math.max(1, window),
    acts: ({ indexInWindow }) => indexInWindow >= count,
  }),
  wire: (_frames, { name, message }, context) => {
    context.note(`over the quota: ${name}`);
    return refusal(name, message);
  },
});

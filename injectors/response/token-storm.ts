// Credentials expire for many callers at once: each of them fetches others and asks again, all in
// the same moment. In every window the first requests are told so; those that come after them in
// the window are served.

import { defineInjector } from '../injector.ts';
import { duration, integer } from '../options.ts';
import { refusal } from './refusal.ts';

export const tokenStorm = defineInjector({
  name: 'token-storm',
  family: 'response',
  summary: 'Refuses the credentials of many requests at once, again and again.',
  options: {
    count: integer(20, 'requests refused in each storm', { min: 1, max: 1_000_000 }),
    every: duration('60s', 'from the beginning of one storm to the next'),
  },
  example: 'token-storm;count=2;every=10s',
  isTerminal: true,
  explain: ({ count, every }) => `refuses ${count} requests every ${every} ms: credentials expired`,
  admit: ({ count, every }) => ({
    windowMs: every,
    acts: ({ indexInWindow }) => indexInWindow < count,
  }),
  wire: (_frames, _options, context) => {
    context.note('credentials expired');
    return refusal('expired-token', '');
  },
});

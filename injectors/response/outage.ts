// A provider that is down for a while and then back: every request within the window fails. What
// becomes of a gateway's retries, queues and circuit breakers in that time, and after it.

import { defineInjector } from '../injector.ts';
import { duration, text, word } from '../options.ts';
import { refusal } from './refusal.ts';

export const outage = defineInjector({
  name: 'outage',
  family: 'response',
  summary: 'Fails every request within a window of time, once or again and again.',
  options: {
    from: duration('0ms', 'when it begins, counted from when the plan was set'),
    for: duration('10s', 'how long it lasts'),
    every: duration('0ms', 'from the beginning of one outage to the next; 0: there is one'),
    name: word('unavailable', "a neutral name or one of the provider's own"),
    message: text('', "the error's text; empty: what the provider itself says"),
  },
  example: 'outage;from=0ms;for=10s',
  isTerminal: true,
  explain: ({ from, for: lengthMs, every, name }) =>
    `answers with ${name} from ${from} ms on, for ${lengthMs} ms` +
    (every > 0 ? `, every ${every} ms` : ''),
  admit: ({ from, for: lengthMs, every }) => ({
    windowMs: Number.POSITIVE_INFINITY,
    acts({ elapsedMs }) {
      const sinceMs = elapsedMs - from;
      return sinceMs >= 0 && (every > 0 ? sinceMs % every : sinceMs) < lengthMs;
    },
  }),
  wire: (_frames, { name, message }, context) => {
    context.note(`down: ${name}`);
    return refusal(name, message);
  },
});

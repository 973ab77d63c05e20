// The request is taken and nothing is said for a while, not even a status: what read timeouts of
// the first byte are for.

import { defineInjector } from '../injector.ts';
import { duration } from '../options.ts';
import { needsHead } from '../stream/needs-head.ts';

export const slowHeaders = defineInjector({
  name: 'slow-headers',
  family: 'response',
  summary: 'Takes its time before the head of the answer.',
  options: { for: duration('10s', 'how long nothing is said') },
  example: 'slow-headers;for=200ms',
  notOn: needsHead,
  explain: ({ for: silence }) => `sends its head ${silence} ms late`,
  head: (head, { for: silence }, context) => {
    context.note(`head ${silence} ms late`);
    return { ...head, dueMs: head.dueMs + silence };
  },
});

// A server whose clock is wrong: clients that sign requests take the time from its Date header and
// shift their own, which can only be seen together with an error that makes them look.

import { systemClock } from '../determinism.ts';
import { defineInjector } from '../injector.ts';
import { choice, duration } from '../options.ts';
import { needsOwnHead } from '../stream/needs-head.ts';
import { setHeader } from '../stream/set-header.ts';

export const clockSkew = defineInjector({
  name: 'clock-skew',
  family: 'response',
  summary: 'Answers with a Date that is not now.',
  options: {
    by: duration('60m', 'how far the clock is off'),
    direction: choice(['ahead', 'behind'], 'ahead', 'which way'),
  },
  example: 'clock-skew;by=60m',
  explain: ({ by, direction }) => `tells a time ${by} ms ${direction}; gRPC clients do not look`,
  notOn: needsOwnHead,
  head: (head, { by, direction }, context) => {
    const shiftMs = direction === 'ahead' ? by : -by;
    context.note(`Date off by ${shiftMs} ms`);
    const date = new Date(systemClock.wallTime().getTime() + shiftMs);
    return setHeader(head, 'Date', date.toUTCString());
  },
});

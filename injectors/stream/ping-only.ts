// A stream that stays alive and says nothing: signs of life keep every idle timer from running out,
// and the answer never comes. Sources: WHATWG HTML section 9.2 (comments), RFC 8259 section 2
// (blank space), RFC 6455 section 5.5.2 (ping).

import { defineInjector } from '../injector.ts';
import { choice, duration, integer } from '../options.ts';
import type { Framing } from '../stream.ts';
import { streamsOnly } from './only-in.ts';

/** Bytes that clients read and do not tell anybody about. */
const signs: Readonly<Partial<Record<Framing, string>>> = {
  sse: ': ping\r\n\r\n',
  'json-array': ' ',
  websocket: '\x89\x00',
};

export const pingOnly = defineInjector({
  name: 'ping-only',
  family: 'stream',
  summary: 'Sends signs of life and no content.',
  options: {
    as: choice(
      ['events', 'bytes'],
      'events',
      'events: of the model, with empty text; bytes: comments, blanks, WebSocket pings',
    ),
    gap: duration('1s', 'pause before each'),
    count: integer(0, 'how many, before the answer comes after all; 0: it never does', {
      min: 0,
      max: 10_000_000,
    }),
  },
  example: 'ping-only;gap=1ms;count=20',
  notOn: streamsOnly,
  explain: ({ as, gap, count }) =>
    `sends ${count === 0 ? 'nothing but' : `${count}`} empty ${as}, one every ${gap} ms`,
  *script(events, { as, gap, count }, context) {
    for (const timed of events) {
      yield timed;
      if (as !== 'events' || timed.event.kind !== 'start') continue;
      context.note('events without text');
      for (let sent = 0; count === 0 || sent < count; sent += 1) {
        yield { event: { kind: 'text', text: '' }, gapMs: gap };
      }
    }
  },
  *wire(frames, { as, gap, count }, context) {
    if (as === 'events') return yield* frames;
    const sign = signs[context.framing];
    if (sign === undefined) {
      context.note('does not apply because no bytes here mean nothing to a client');
      return yield* frames;
    }
    context.note('signs of life without content');
    const bytes = Buffer.from(sign, 'latin1');
    let dueMs = 0;
    for (let sent = 0; count === 0 || sent < count; sent += 1) {
      dueMs += gap;
      yield { bytes, label: 'framing', dueMs };
    }
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      yield { ...step.value, dueMs: step.value.dueMs + dueMs };
    }
  },
});

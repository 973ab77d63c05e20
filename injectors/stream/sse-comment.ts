// Comments among server-sent events, as proxies put them there to keep a connection alive: lines
// that begin with a colon, which a parser has to skip (WHATWG HTML section 9.2.6).

import { defineInjector } from '../injector.ts';
import { choice, integer } from '../options.ts';
import { isEvent } from '../stream.ts';
import { onlyIn } from './only-in.ts';

export const sseComment = defineInjector({
  name: 'sse-comment',
  family: 'stream',
  summary: 'Puts comments between server-sent events or inside them.',
  options: {
    every: integer(1, 'before every so many events', { min: 1, max: 10_000_000 }),
    bytes: integer(10, 'length of a comment', { min: 1, max: 1_048_576 }),
    where: choice(['between', 'inside'], 'between', 'inside: no blank line follows'),
  },
  example: 'sse-comment;every=2',
  notOn: onlyIn('sse', 'comments'),
  explain: ({ every, bytes }) => `puts a comment of ${bytes} bytes before every ${every} events`,
  *wire(frames, { every, bytes: length, where }, context) {
    const text = 'keep-alive '.repeat(Math.ceil(length / 11)).slice(0, length);
    const comment = Buffer.from(`: ${text}\r\n${where === 'between' ? '\r\n' : ''}`);
    let events = 0;
    for (;;) {
      const step = frames.next();
      if (step.done) return step.value;
      const frame = step.value;
      if (isEvent(frame) && events++ % every === 0) {
        if (events === 1) context.note(`comments of ${length} bytes`);
        yield { bytes: comment, label: 'framing', dueMs: frame.dueMs };
      }
      yield frame;
    }
  },
});

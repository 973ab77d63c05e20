// A message that stops in the middle, or in the middle of its prefix, and then a status of OK: many
// clients never notice that something is missing. How else it may end, `truncate` does.

import { defineInjector } from '../injector.ts';
import { choice, integer } from '../options.ts';
import { complete, isEvent } from '../stream.ts';
import { grpcOnly } from './exclusions.ts';

/** Two of the five bytes before a message. */
const halfPrefixBytes = 2;

export const halfMessage = defineInjector({
  name: 'half-message',
  family: 'grpc',
  summary: 'Stops inside a message and ends the call as if all had been said.',
  options: {
    at: integer(2, 'messages that come whole before it', { min: 0, max: 10_000_000 }),
    part: choice(['message', 'prefix'], 'message', 'what is cut in half'),
  },
  example: 'half-message;at=2',
  isTerminal: true,
  notOn: grpcOnly,
  explain: ({ at, part }) => `sends half a ${part} after ${at} messages, and status 0`,
  *wire(frames, { at, part }, context) {
    for (let events = 0; ; ) {
      const step = frames.next();
      if (step.done) return step.value;
      if (isEvent(step.value) && events === at) {
        const { bytes, dueMs } = step.value;
        const end = part === 'prefix' ? halfPrefixBytes : bytes.length >> 1;
        context.note(`half a ${part} after ${at} messages`);
        yield { bytes: bytes.subarray(0, end), label: 'framing', dueMs };
        return complete;
      }
      if (isEvent(step.value)) events += 1;
      yield step.value;
    }
  },
});

// An error inside a stream that had begun, in the provider's own words: an exception frame on
// Bedrock, an error object on Vertex SSE, a status in the trailers on gRPC.

import { defineInjector } from '../injector.ts';
import { choice, duration, text, word } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const exception = defineInjector({
  name: 'exception',
  family: 'stream',
  summary: 'Sends a provider error inside the stream and ends it.',
  options: {
    at: position('50%', 'where the error comes'),
    name: word('throttling', "a neutral name or one of the provider's own"),
    message: text('', "the error's text; empty: what the provider itself says"),
    gap: duration('0ms', 'pause before each part of it, which has a network read of its own then'),
    end: choice(['complete', 'open'], 'complete', 'open: the message is not ended after it'),
  },
  example: 'exception;at=3;name=throttling',
  isTerminal: true,
  explain: ({ at, name }) => `sends ${name} ${explainPosition(at)}`,
  wire: (frames, { at, name, message, gap, end }, context) => {
    const staysOpen = end === 'open';
    const pause = gap > 0 ? { gapMs: gap } : {};
    const error = { kind: 'exception', place: 'stream', name, message, ...pause } as const;
    return breakAt(frames, at, staysOpen ? { ...error, staysOpen } : error, name, context);
  },
});

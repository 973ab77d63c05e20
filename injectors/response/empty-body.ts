// A head that says all went well, and nothing behind it.

import { defineInjector } from '../injector.ts';
import { complete } from '../stream.ts';

export const emptyBody = defineInjector({
  name: 'empty-body',
  family: 'response',
  summary: 'Answers with success and an empty body.',
  options: {},
  example: 'empty-body',
  isTerminal: true,
  explain: () => 'answers with success and no body; over gRPC and WebSocket with no message',
  // biome-ignore lint/correctness/useYield: an empty body has no frames to yield.
  *wire(_frames, _options, context) {
    context.note('empty body');
    return complete;
  },
});

// Bytes that break the transport itself: a chunk size that is no number, an HTTP/2 frame larger
// than allowed, a reserved opcode. What clients then do with their connection is their own.

import { defineInjector } from '../injector.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const badFraming = defineInjector({
  name: 'bad-framing',
  family: 'stream',
  summary: 'Breaks the rules of the transport: chunks, HTTP/2 frames, WebSocket opcodes.',
  options: { at: position('50%', 'where the bytes come') },
  example: 'bad-framing;at=3',
  isTerminal: true,
  explain: ({ at }) => `breaks the framing ${explainPosition(at)}`,
  wire: (frames, { at }, context) =>
    breakAt(frames, at, { kind: 'bad-framing' }, 'framing broken', context),
});

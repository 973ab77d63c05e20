// Bytes that break the transport itself: a chunk size that is no number, an HTTP/2 frame larger
// than allowed, a flood of empty SETTINGS. What clients then do with their connection is their own.

import { defineInjector } from '../injector.ts';
import { choice } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const badFraming = defineInjector({
  name: 'bad-framing',
  family: 'stream',
  summary: 'Breaks the rules of the transport: chunks, HTTP/2 frames, WebSocket opcodes.',
  options: {
    at: position('50%', 'where the bytes come'),
    how: choice(
      ['oversized', 'settings-flood'],
      'oversized',
      'HTTP/2: one frame of 16 MiB, or 5,000 empty SETTINGS; elsewhere both are the same',
    ),
  },
  example: 'bad-framing;at=3',
  isTerminal: true,
  explain: ({ at, how }) => `breaks the framing (${how}) ${explainPosition(at)}`,
  wire: (frames, { at, how }, context) =>
    breakAt(frames, at, { kind: 'bad-framing', how }, `framing broken (${how})`, context),
});

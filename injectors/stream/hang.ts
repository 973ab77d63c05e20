// Sends nothing more and keeps the connection open until the client gives up.

import { defineInjector } from '../injector.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const hang = defineInjector({
  name: 'hang',
  family: 'stream',
  summary: 'Falls silent for good and leaves the connection open.',
  options: { at: position('50%', 'where the silence begins') },
  example: 'hang;at=3',
  isTerminal: true,
  explain: ({ at }) => `falls silent for good ${explainPosition(at)}`,
  wire: (frames, { at }, context) => breakAt(frames, at, { kind: 'hang' }, 'hangs', context),
});

// Breaks the TCP connection with a RST, as a crashed server or an impatient middlebox does.

import { defineInjector } from '../injector.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from './break-at.ts';

export const reset = defineInjector({
  name: 'reset',
  family: 'stream',
  summary: 'Resets the TCP connection at a position.',
  options: { at: position('50%', 'where the connection is reset') },
  example: 'reset;at=3',
  isTerminal: true,
  explain: ({ at }) => `resets the connection ${explainPosition(at)}`,
  wire: (frames, { at }, context) => breakAt(frames, at, { kind: 'reset' }, 'reset', context),
});

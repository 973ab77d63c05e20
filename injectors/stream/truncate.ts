// Ends a stream early: at an event, a share, a byte, or in the middle of a frame. What makes
// clients differ is how the connection then ends: `clean` finishes the HTTP message as if all had
// been said (many SDKs report success), `cut` closes the connection without finishing it.

import { defineInjector } from '../injector.ts';
import { choice } from '../options.ts';
import { explainPosition, position } from '../position.ts';
import { complete } from '../stream.ts';
import { breakAt } from './break-at.ts';

export const truncate = defineInjector({
  name: 'truncate',
  family: 'stream',
  summary: 'Ends the stream early at an exact event or byte.',
  options: {
    at: position('50%', 'where the stream ends'),
    end: choice(['clean', 'cut'], 'clean', 'clean: a proper end of message; cut: FIN without it'),
  },
  example: 'truncate;at=3;end=cut',
  isTerminal: true,
  explain: ({ at, end }) => `ends ${explainPosition(at)} (${end})`,
  wire: (frames, { at, end }, context) =>
    breakAt(frames, at, end === 'clean' ? complete : { kind: 'cut' }, `ended (${end})`, context),
});

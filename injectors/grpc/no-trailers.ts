// A call that ends without trailers: every message may have come, and there is no status that says
// whether all is well.

import { defineInjector } from '../injector.ts';
import { explainPosition, position } from '../position.ts';
import { breakAt } from '../stream/break-at.ts';
import { grpcOnly } from './exclusions.ts';

export const noTrailers = defineInjector({
  name: 'no-trailers',
  family: 'grpc',
  summary: 'Ends the call without a status.',
  options: { at: position('end', 'where the call ends') },
  example: 'no-trailers',
  isTerminal: true,
  notOn: grpcOnly,
  explain: ({ at }) => `ends without trailers ${explainPosition(at)}`,
  wire: (frames, { at }, context) =>
    breakAt(frames, at, { kind: 'complete', isWithoutStatus: true }, 'no trailers', context),
});

// The leak of streaming gateways: the client goes away, the gateway stops reading, and nobody
// cancels the provider's stream. Its HTTP/2 session stays open with a full window, and with it
// the descriptor and the buffers, until an idle timer (300 s in the AWS SDK) ends it.

import type { Leak } from './leak.ts';

export const unreadStream: Leak = {
  kind: 'leak',
  name: 'unread-stream',
  summary: 'Leaves the provider stream of a departed client open, neither read nor cancelled.',
  resource: 'socketCount',
  plant: (host) => host.setAbandonPolicy('leave'),
};

// Where faults of an answer's head cannot be.

import type { Exclusions } from '../injector.ts';

export const needsHead: Exclusions = {
  websocket: 'a WebSocket has one head, which went out before there were answers',
  turn: 'a session has one head, which is not that of its turns',
};

/** Another status than 101 may come in place of an upgrade; a 101 can only be what it is. */
export const needsOwnHead: Exclusions = {
  ...needsHead,
  upgrade: 'a 101 has the headers of its handshake and no body',
};

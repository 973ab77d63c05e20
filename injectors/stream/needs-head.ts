// Where faults of an answer's head cannot be.

import type { Exclusions } from '../injector.ts';

export const needsHead: Exclusions = {
  websocket: 'a WebSocket has one head, which went out before there were answers',
};

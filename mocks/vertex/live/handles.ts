// Sessions that can be resumed, by the handles their clients were given. Bounded: the oldest handle
// is forgotten first, and a client that comes with it is told that there is no such session.

import type { Rng } from '../../../injectors/determinism.ts';

export interface ResumableSession {
  readonly model: string;
  readonly contextTokens: number;
  /** The service refuses to resume a session whose earlier connection is still open. */
  readonly origin: { readonly isOpen: boolean };
}

export interface Handles {
  keep(session: ResumableSession, rng: Rng): string;
  find(handle: string): ResumableSession | undefined;
  readonly size: number;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function createHandles(capacity = 1000): Handles {
  const sessions = new Map<string, ResumableSession>();
  return {
    keep(session, rng) {
      const handle = Array.from({ length: 64 }, () => alphabet.charAt(rng.integer(0, 63))).join('');
      sessions.set(handle, session);
      const [oldest] = sessions.keys();
      if (sessions.size > capacity && oldest !== undefined) sessions.delete(oldest);
      return handle;
    },
    find: (handle) => sessions.get(handle),
    get size() {
      return sessions.size;
    },
  };
}

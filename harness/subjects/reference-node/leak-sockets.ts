// The sockets that planted leaks plug into (injectors/leaks). Without a leak nothing listens here
// and abandoned streams are cancelled.

import type { AbandonPolicy, LeakHost, LeakRequest } from '../../../injectors/leaks/leak.ts';

export interface LeakSockets {
  readonly host: LeakHost;
  accepted(request: LeakRequest): void;
  abandonPolicy(): AbandonPolicy;
}

export function createLeakSockets(shutdownSignal: AbortSignal): LeakSockets {
  const listeners: ((request: LeakRequest) => void)[] = [];
  let policy: AbandonPolicy = 'cancel';
  return {
    host: {
      shutdownSignal,
      onRequest: (listener) => void listeners.push(listener),
      setAbandonPolicy(next) {
        policy = next;
      },
    },
    accepted(request) {
      for (const listener of listeners) listener(request);
    },
    abandonPolicy: () => policy,
  };
}

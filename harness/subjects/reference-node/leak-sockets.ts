// The sockets that planted leaks plug into (injectors/leaks). Without a leak nothing listens here,
// abandoned streams are cancelled, and one client serves the whole process.

import type { AbandonPolicy, LeakHost, LeakRequest } from '../../../injectors/leaks/leak.ts';

export interface LeakSockets {
  readonly host: LeakHost;
  accepted(request: LeakRequest): void;
  /** Told of every piece of text that answers a request. */
  delivered(requestId: string, text: string): void;
  abandonPolicy(): AbandonPolicy;
  /** Returns whom to ask for the one client of the process, whenever it is used. */
  sharedClient<Client extends object>(open: () => Client): () => Client;
}

export function createLeakSockets(shutdownSignal: AbortSignal): LeakSockets {
  const listeners: ((request: LeakRequest) => void)[] = [];
  const textListeners: ((requestId: string, text: string) => void)[] = [];
  let policy: AbandonPolicy = 'cancel';
  let usesOfClient = Infinity;
  let retire: (client: object) => void = () => undefined;
  return {
    host: {
      shutdownSignal,
      onRequest: (listener) => void listeners.push(listener),
      onText: (listener) => void textListeners.push(listener),
      setAbandonPolicy(next) {
        policy = next;
      },
      renewClients(everyUses, onRetired) {
        usesOfClient = everyUses;
        retire = onRetired;
      },
    },
    accepted(request) {
      for (const listener of listeners) listener(request);
    },
    delivered(requestId, text) {
      for (const listener of textListeners) listener(requestId, text);
    },
    abandonPolicy: () => policy,
    sharedClient(open) {
      let client = open();
      let uses = 0;
      return () => {
        uses += 1;
        if (uses % usesOfClient === 0) {
          retire(client);
          client = open();
        }
        return client;
      };
    },
  };
}

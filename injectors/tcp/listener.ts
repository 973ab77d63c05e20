// Accepts connections on an address, dials the upstream for each, and joins the two.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock, Rng } from '../determinism.ts';
import { listenError, parseAddress, printAddress, resolveAddress } from './address.ts';
import { type Connection, openConnection } from './connection.ts';
import type { Direction } from './toxic.ts';
import type { ToxicChain } from './toxic-chain.ts';

export interface ListenerParts {
  /** Where a connection that is accepted now goes. */
  readonly upstream: () => string;
  readonly chain: ToxicChain;
  readonly connections: Set<Connection>;
  readonly clock: Clock;
  readonly rng: Rng;
  count(direction: Direction, what: 'received' | 'sent', bytes: number): void;
}

export interface Listener {
  /** Undefined while nothing listens. */
  readonly address: string | undefined;
  /** Rejects in Go's words, which Toxiproxy's clients compare. */
  start(listen: string): Promise<void>;
  /** The port is free at once; every connection is dropped. */
  stop(): void;
}

export function createListener(parts: ListenerParts): Listener {
  const { connections } = parts;
  const dialling = new Set<Socket>();
  let server: Server | undefined;
  let address: string | undefined;
  let acceptedCount = 0;

  const admit = async (client: Socket) => {
    acceptedCount += 1;
    const rng = parts.rng.fork(`connection:${acceptedCount}`);
    const acceptedBy = server;
    dialling.add(client);
    client.on('error', ignore);
    const upstream = await dial(parts.upstream());
    dialling.delete(client);
    if (upstream === undefined || client.destroyed || server !== acceptedBy) {
      upstream?.destroy();
      client.destroySoon();
      return;
    }
    const connection = openConnection({
      ...parts,
      client,
      upstream,
      rng,
      toxics: parts.chain.of,
      onOver: () => void connections.delete(connection),
    });
    connections.add(connection);
    client.resume();
  };
  return {
    get address() {
      return address;
    },
    async start(listen) {
      const wanted = await resolveAddress(listen).catch((error: unknown) => {
        throw listenError(listen, error);
      });
      const options = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true };
      const made = createServer(options, (client) => void admit(client));
      made.listen({ ...wanted, backlog: backlogCount });
      await once(made, 'listening').catch((error: unknown) => {
        throw listenError(printAddress(wanted), error);
      });
      // Out of descriptors, say: the next connection may work again.
      made.on('error', ignore);
      server = made;
      const { address: host, port } = made.address() as AddressInfo;
      address = printAddress({ host, port });
    },
    stop() {
      server?.close();
      server = undefined;
      address = undefined;
      for (const connection of connections) connection.close('fin');
      for (const client of dialling) client.destroy();
    },
  };
}

/** Undefined when the upstream cannot be reached. */
async function dial(upstream: string): Promise<Socket | undefined> {
  try {
    const { host, port } = parseAddress(upstream);
    const socket = connect({ host: host || 'localhost', port, allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    // Nothing is lost before there is a listener: a socket does not flow until it has one.
    return socket;
  } catch {
    return undefined;
  }
}

/** Bursts of connections wait in the kernel rather than being dropped; it bounds this further. */
const backlogCount = 4096;
const ignore = () => undefined;

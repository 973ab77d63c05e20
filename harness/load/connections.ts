// A bounded set of HTTP/1.1 connections to one gateway. undici's Pool hides which socket serves
// which request, and client faults act on sockets (reset, half-close), so each connection here is
// one undici Client whose connector remembers its socket. The last used is taken first, so that
// few connections stay open when few are needed.

import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';

export interface Connection {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void;
  /** The socket of the request under way; undefined before the first is connected. */
  socket(): Socket | undefined;
}

export interface Connections {
  /** A free connection; throws when all are taken, since waiting would falsify latencies. */
  take(): Connection;
  give(connection: Connection): void;
  /** Closes those not in use, so that the gateway at rest holds no socket of ours. */
  dropIdle(): void;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly origin: string;
  readonly connectionLimit: number;
  readonly connectTimeoutMs: number;
}

interface OwnConnection extends Connection {
  readonly client: Client;
}

export function openConnections(options: ConnectionOptions): Connections {
  const all: OwnConnection[] = [];
  const idle: Connection[] = [];
  return {
    take() {
      const free = idle.pop();
      if (free !== undefined) return free;
      if (all.length >= options.connectionLimit) {
        throw new Error(
          `Cannot send a request: all ${all.length} connections to ${options.origin} are in use. ` +
            'Raise connectionLimit to the number of requests in flight.',
        );
      }
      const connection = openConnection(options);
      all.push(connection);
      return connection;
    },
    give: (connection) => void idle.push(connection),
    dropIdle() {
      for (const connection of idle) connection.socket()?.destroy();
    },
    async close() {
      await Promise.all(all.map(({ client }) => client.destroy()));
    },
  };
}

function openConnection({ origin, connectTimeoutMs }: ConnectionOptions): OwnConnection {
  let socket: Socket | undefined;
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  const client = new Client(origin, {
    allowH2: false,
    connect(target, callback) {
      connect(target, (...args) => {
        if (args[1] !== null) socket = args[1];
        callback(...args);
      });
    },
  });
  return {
    client,
    dispatch: (options, handler) => void client.dispatch(options, handler),
    socket: () => socket,
  };
}

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
  /** Sets one aside that nobody reads; its place is free for another. `release` ends it, and
   * calls back. */
  hold(connection: Connection, onRelease: () => void): void;
  release(connection: Connection): void;
  /** Closes those not in use, so that the gateway at rest holds no socket of ours. */
  dropIdle(): void;
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly origin: string;
  readonly connectionLimit: number;
  readonly connectTimeoutMs: number;
}

/** Connections set aside at once; one more ends the oldest. */
const heldLimit = 1000;

export function openConnections(options: ConnectionOptions): Connections {
  const clients = new Map<Connection, Client>();
  const idle: Connection[] = [];
  const held = new Map<Connection, () => void>();
  const release = (connection: Connection) => {
    const onRelease = held.get(connection);
    if (onRelease === undefined) return;
    held.delete(connection);
    onRelease();
    connection.socket()?.resetAndDestroy();
    void clients.get(connection)?.destroy();
    clients.delete(connection);
  };
  return {
    take() {
      const free = idle.pop();
      if (free !== undefined) return free;
      if (clients.size - held.size >= options.connectionLimit) {
        throw new Error(
          `Cannot send a request: all ${options.connectionLimit} connections to ` +
            `${options.origin} are in use. Raise connectionLimit to the number of requests in ` +
            'flight.',
        );
      }
      const { connection, client } = openConnection(options);
      clients.set(connection, client);
      return connection;
    },
    give(connection) {
      if (clients.has(connection) && !held.has(connection)) idle.push(connection);
    },
    hold(connection, onRelease) {
      held.set(connection, onRelease);
      const [oldest] = held.keys();
      if (held.size > heldLimit && oldest !== undefined) release(oldest);
    },
    release,
    dropIdle() {
      for (const connection of idle) connection.socket()?.destroy();
      for (const connection of held.keys()) release(connection);
    },
    async close() {
      for (const connection of held.keys()) release(connection);
      await Promise.all([...clients.values()].map((client) => client.destroy()));
    },
  };
}

function openConnection({ origin, connectTimeoutMs }: ConnectionOptions): {
  readonly connection: Connection;
  readonly client: Client;
} {
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
  const connection: Connection = {
    dispatch: (options, handler) => void client.dispatch(options, handler),
    socket: () => socket,
  };
  return { connection, client };
}

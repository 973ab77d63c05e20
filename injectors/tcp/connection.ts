// One proxied connection: two sockets and a link in each direction. Each way of ending comes out on
// the other side as what it was: FIN as FIN (the other direction goes on), RST as RST.

import type { Socket } from 'node:net';
import type { Clock, Rng } from '../determinism.ts';
import { createLink, type Link } from './link.ts';
import type { CloseWay, Direction, ToxicSpec } from './toxic.ts';

export interface Connection {
  readonly links: Readonly<Record<Direction, Link>>;
  /** Drops both sides. */
  close(way: CloseWay): void;
}

export interface ConnectionParts {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly toxics: Readonly<Record<Direction, readonly ToxicSpec[]>>;
  readonly clock: Clock;
  /** Of this connection alone. */
  readonly rng: Rng;
  /** Bytes that came in from the source of a direction, and that went out to its receiver. */
  count(direction: Direction, what: 'received' | 'sent', bytes: number): void;
  onOver(): void;
}

/** How long a connection that a toxic closed may take to send what was written before. */
const lingerMs = 5000;

export function openConnection(parts: ConnectionParts): Connection {
  const { client, upstream, clock } = parts;
  const sockets = [client, upstream];
  let isOver = false;
  let cancelLinger: (() => void) | undefined;

  const close = (way: CloseWay) => {
    if (isOver) return;
    isOver = true;
    for (const link of Object.values(links)) link.stop();
    for (const socket of sockets) {
      if (way === 'rst') reset(socket);
      // What was written before is still sent; nothing more is read.
      else socket.destroySoon();
    }
    // A peer that does not read would keep its socket open for good.
    cancelLinger = clock.after(lingerMs, () => {
      for (const socket of sockets) socket.destroy();
    });
  };
  const links = {
    upstream: joinSockets(parts, 'upstream', client, upstream, close),
    downstream: joinSockets(parts, 'downstream', upstream, client, close),
  };
  let openSockets = sockets.length;
  for (const socket of sockets) {
    // It was reset, or could not be written to: either way its peer is gone.
    socket.on('error', () => close('rst'));
    socket.on('close', () => {
      openSockets -= 1;
      if (openSockets > 0) return;
      close('fin');
      cancelLinger?.();
      parts.onOver();
    });
  }
  return { links, close };
}

function joinSockets(
  { toxics, clock, rng, count }: ConnectionParts,
  direction: Direction,
  source: Socket,
  receiver: Socket,
  close: (way: CloseWay) => void,
): Link {
  const link = createLink(
    {
      write(bytes) {
        count(direction, 'sent', bytes.length);
        return receiver.write(bytes);
      },
      end: () => void receiver.end(),
      close,
      pauseSource: () => void source.pause(),
      resumeSource: () => void source.resume(),
    },
    toxics[direction],
    { clock, rng: rng.fork(direction) },
  );
  source.on('data', (bytes: Buffer) => {
    count(direction, 'received', bytes.length);
    // Closed by a toxic: what still comes in before the socket is gone belongs to nobody.
    if (receiver.writable) link.push(bytes);
  });
  source.on('end', () => {
    if (receiver.writable) link.push(undefined);
  });
  receiver.on('drain', () => link.unblock());
  return link;
}

/**
 * RST at once. `resetAndDestroy` alone would first send FIN and wait for what is not yet written,
 * and libuv refuses a reset while a FIN is under way, without ever closing the socket.
 */
export function reset(socket: Socket): void {
  const isEnding = socket.writableEnded && !socket.writableFinished;
  if (socket.destroyed || isEnding || socket.connecting) {
    socket.destroy();
    return;
  }
  socket.destroySoon = socket.destroy;
  socket.resetAndDestroy();
}

// One answer on one connection, as the pump sees it. Each transport implements this and decides
// once what every ending means on its wire (the table is in injectors/stream.ts).

import type { Socket } from 'node:net';
import { systemClock } from '../../injectors/determinism.ts';
import type { Ending, ErrorHints } from '../../injectors/stream.ts';
import { rawSocket } from '../tls/secure-layer.ts';

/** How a provider spells an error on this transport. */
export type SpellError<Spelling> = (name: string, message: string, hints?: ErrorHints) => Spelling;

export interface Exchange {
  head(status: number, headers: Readonly<Record<string, string>>): void;
  /** False when the client reads slower than this; then wait for `onDrain`. */
  write(bytes: Uint8Array): boolean;
  /**
   * The error is the whole answer, with these headers beside its own. Once the head is out there
   * is no room for it any more, and the connection (HTTP/1.1) or the stream is reset.
   */
  fail(
    name: string,
    message: string,
    headers?: Readonly<Record<string, string>>,
    hints?: ErrorHints,
  ): void;
  /** Finishes as the ending says, after all written bytes have been handed to the kernel. */
  finish(ending: Ending): void;
  /** Called whenever the client is ready for more. */
  onDrain(callback: () => void): void;
  /** Called once when the connection or stream is gone, by either side. */
  onClose(callback: () => void): void;
}

/**
 * Closes a connection in the orderly way (FIN) although its message is unfinished. The socket is
 * destroyed when the peer has not closed its side within the second that an honest one needs.
 */
export function sendFin(socket: Socket): void {
  // Streams of one HTTP/2 connection may be cut together.
  if (ending.has(socket)) return;
  ending.add(socket);
  socket.end();
  socket.once(
    'close',
    systemClock.after(1000, () => socket.destroy()),
  );
}

const ending = new WeakSet<Socket>();

/** An error's headers with those beside them, which win whatever the case of their names. */
export function overlaid(
  headers: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const given = new Set(Object.keys(extra).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !given.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...extra };
}

/** TCP RST. On loopback a reader that keeps up has received all flushed bytes before it. */
export function sendReset(socket: Socket): void {
  rawSocket(socket).resetAndDestroy();
}

// Closing a WebSocket as a server: the code and reason of its close frame (RFC 6455 section 7), and
// an end to waiting for a peer that does not take part.

import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../injectors/determinism.ts';
import { opcodes, websocketFrame } from '../codec/websocket.ts';

export interface CloseStatus {
  readonly code: number;
  /** Cut to the 123 bytes that a close frame has room for. */
  readonly reason: string;
}

export interface Closer {
  /** True once a close frame was sent or is about to be. */
  readonly isClosing: boolean;
  /** The connection is dropped when the closing takes too long. */
  begin(): void;
  send(status: CloseStatus): void;
}

const closeLimitMs = 5000;
const longestReason = 123;

/**
 * `ws` closes by itself to answer a close frame and to refuse a malformed one; it is made to ask
 * `allow` first, which runs what it is given once a close frame may be sent.
 */
export function createCloser(
  ws: WebSocket,
  socket: Socket,
  clock: Clock,
  allow: (sendFrame: () => void) => void,
): Closer {
  const sendFrame = ws.close.bind(ws);
  let cancelDrop: (() => void) | undefined;
  const begin = () => {
    cancelDrop ??= clock.after(closeLimitMs, () => socket.destroy());
  };
  ws.close = (code, reason) => {
    begin();
    allow(() => sendFrame(code, reason));
  };
  socket.once('close', () => cancelDrop?.());
  return {
    get isClosing() {
      return cancelDrop !== undefined;
    },
    begin,
    send({ code, reason }) {
      begin();
      if (isSendable(code)) sendFrame(code, fitted(reason));
      else socket.write(invalidClose(code, fitted(reason)));
    },
  };
}

/** Codes that may stand in a close frame; `ws` sends no others. */
function isSendable(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

/** A fault may ask for a code that no close frame may hold. */
function invalidClose(code: number, reason: string): Uint8Array {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return websocketFrame('framing', opcodes.close, payload).bytes;
}

/** As much of a reason as there is room for, cut between two characters. */
function fitted(reason: string): string {
  let text = reason.toWellFormed().slice(0, longestReason);
  while (Buffer.byteLength(text) > longestReason) text = [...text].slice(0, -1).join('');
  return text.toWellFormed();
}

// One WebSocket connection that answers many times: every answer is an Exchange of its own, and
// each ending is rendered here. Reading, masks, limits and the close handshake are those of `ws`;
// answers are written to the socket by hand, so that a fault can cut a frame at any byte. Whatever
// else must be said (pongs, close frames, notices) waits until the frame under way is out.

import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../injectors/determinism.ts';
import type { Ending } from '../../injectors/stream.ts';
import { frameTracker, opcodes, websocketFrame } from '../codec/websocket.ts';
import { type Exchange, sendFin, sendReset } from './exchange.ts';

export interface CloseStatus {
  readonly code: number;
  /** Cut to the 123 bytes that a close frame has room for. */
  readonly reason: string;
}

export interface WebSocketLink {
  /** The next answer; the one before it must have ended. Told when it ended and all goes on. */
  exchange(onComplete: () => void): Exchange;
  /** Sends whole frames, between two frames of the answer under way. */
  send(frames: Uint8Array): void;
  /** Stops the answer under way behind the frame it is at, then calls back. */
  interrupt(whenStopped: () => void): void;
  close(status: CloseStatus): void;
}

interface Turn {
  readonly drains: (() => void)[];
  readonly closes: (() => void)[];
}

/** A peer that does not take part in closing is dropped after this long. */
const closeLimitMs = 5000;
const longestReason = 123;

export function websocketLink(
  ws: WebSocket,
  socket: Socket,
  clock: Clock,
  statusOf: (name: string, message: string) => CloseStatus,
): WebSocketLink {
  const tracker = frameTracker();
  /** What waits for the end of the frame under way; empty between frames. */
  let waiting: (() => void)[] = [];
  let pong: Buffer | undefined;
  let current: Turn | undefined;
  /** A hanging or half-told answer is never followed by anything. */
  let isMute = false;
  let isClosing = false;
  let cancelDrop: (() => void) | undefined;

  const between = (action: () => void) => {
    if (tracker.isBetween) action();
    else waiting.push(action);
  };
  const runWaiting = () => {
    const actions = waiting;
    waiting = [];
    for (const action of actions) action();
  };
  const abandon = () => {
    const turn = current;
    current = undefined;
    for (const callback of turn?.closes ?? []) callback();
  };
  const release = () => {
    waiting = [];
    abandon();
  };

  const write = (turn: Turn, bytes: Uint8Array): boolean => {
    if (turn !== current || socket.destroyed) return true;
    let start = 0;
    if (waiting.length > 0) {
      start = tracker.take(bytes, 0);
      socket.write(bytes.subarray(0, start));
      if (!tracker.isBetween) return !socket.writableNeedDrain;
      runWaiting();
      // Interrupted or closed: what follows this frame is not said any more.
      if (turn !== current) return true;
    }
    let end = start;
    while (end < bytes.length) end = tracker.take(bytes, end);
    if (start < bytes.length) socket.write(start === 0 ? bytes : bytes.subarray(start));
    return !socket.writableNeedDrain;
  };

  const closeFrame = ws.close.bind(ws);
  /** A close frame inside another frame would be taken for its payload, but nothing else is left. */
  const closeNow = ({ code, reason }: CloseStatus) => {
    isClosing = true;
    if (isSendable(code)) closeFrame(code, fitted(reason));
    else socket.write(invalidClose(code, reason));
    dropLater();
  };
  const dropLater = () => {
    cancelDrop ??= clock.after(closeLimitMs, () => socket.destroy());
  };
  // `ws` calls this to answer a close frame and to refuse a malformed one.
  ws.close = (code, reason) => {
    isClosing = true;
    dropLater();
    between(() => {
      abandon();
      closeFrame(code, reason);
    });
  };
  ws.on('ping', (data: Buffer) => {
    const isFirst = pong === undefined;
    // Only the latest ping needs an answer (RFC 6455 section 5.5.3). A copy frees what it lies in.
    pong = Buffer.from(data);
    if (isFirst) {
      between(() => {
        if (ws.readyState === ws.OPEN) ws.pong(pong ?? '');
        pong = undefined;
      });
    }
  });
  socket.on('drain', () => {
    for (const callback of current?.drains ?? []) callback();
  });
  socket.once('close', () => {
    cancelDrop?.();
    release();
  });
  // A client that left without a close frame: nothing it would still read is worth keeping.
  socket.once('end', () => {
    release();
    sendFin(socket);
  });

  const afterFlush = (action: () => void) => {
    if (socket.destroyed) return;
    socket.write('', () => {
      if (!socket.destroyed) action();
    });
  };
  const finish = (ending: Ending, onComplete: () => void) => {
    switch (ending.kind) {
      case 'complete':
        isMute = !tracker.isBetween;
        if (isMute) return;
        current = undefined;
        onComplete();
        return;
      case 'exception':
        current = undefined;
        closeNow(statusOf(ending.name, ending.message));
        return;
      case 'close':
        current = undefined;
        closeNow(ending);
        return;
      case 'cut':
        isMute = true;
        afterFlush(() => sendFin(socket));
        return;
      case 'reset':
      case 'cancel':
        isMute = true;
        afterFlush(() => sendReset(socket));
        return;
      case 'hang':
        isMute = true;
        return;
      default:
        ending satisfies never;
    }
  };

  return {
    exchange(onComplete) {
      const turn: Turn = { drains: [], closes: [] };
      current = turn;
      return {
        head() {},
        write: (bytes) => write(turn, bytes),
        fail(name, message) {
          current = undefined;
          closeNow(statusOf(name, message));
        },
        finish: (ending) => finish(ending, onComplete),
        onDrain: (callback) => void turn.drains.push(callback),
        onClose: (callback) => void turn.closes.push(callback),
      };
    },
    send(frames) {
      if (isMute) return;
      between(() => {
        if (!isClosing && !socket.destroyed) socket.write(frames);
      });
    },
    interrupt(whenStopped) {
      if (isMute) return;
      between(() => {
        if (isClosing) return;
        abandon();
        whenStopped();
      });
    },
    close(status) {
      if (isClosing) return;
      isClosing = true;
      dropLater();
      between(() => {
        abandon();
        closeNow(status);
      });
    },
  };
}

/** Codes that may stand in a close frame (RFC 6455 section 7.4); `ws` sends no others. */
function isSendable(code: number): boolean {
  const isReserved = code === 1004 || code === 1005 || code === 1006 || code > 1014;
  return (code >= 1000 && !isReserved) || (code >= 3000 && code <= 4999);
}

/** A fault may ask for a code that no close frame may hold. */
function invalidClose(code: number, reason: string): Uint8Array {
  const payload = Buffer.alloc(2 + Buffer.byteLength(fitted(reason)));
  payload.writeUInt16BE(code);
  payload.write(fitted(reason), 2);
  return websocketFrame('framing', opcodes.close, payload).bytes;
}

/** As much of a reason as a close frame has room for, cut between two characters. */
function fitted(reason: string): string {
  let text = reason.toWellFormed().slice(0, longestReason);
  while (Buffer.byteLength(text) > longestReason) text = text.slice(0, -1).toWellFormed();
  return text;
}

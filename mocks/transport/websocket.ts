// One WebSocket connection that answers many times: every answer is an Exchange of its own, and
// each ending is rendered here. Reading, masks, limits and the handshakes are those of `ws`;
// answers are written to the socket by hand, so that a fault can cut a frame at any byte.

import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../injectors/determinism.ts';
import type { Ending } from '../../injectors/stream.ts';
import { type Closer, type CloseStatus, createCloser } from './close-frame.ts';
import { type Exchange, sendFin, sendReset } from './exchange.ts';
import { createFrameWriter, type FrameWriter } from './frame-writer.ts';

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

/** What the parts of one link share. */
interface LinkState {
  current: Turn | undefined;
  /** A hanging or half-told answer is never followed by anything. */
  isMute: boolean;
}

export function websocketLink(
  ws: WebSocket,
  socket: Socket,
  clock: Clock,
  statusOf: (name: string, message: string) => CloseStatus,
): WebSocketLink {
  const state: LinkState = { current: undefined, isMute: false };
  const writer = createFrameWriter(socket);
  const abandon = () => {
    const turn = state.current;
    state.current = undefined;
    for (const callback of turn?.closes ?? []) callback();
  };
  const closer = createCloser(ws, socket, clock, (sendFrame) =>
    writer.between(() => {
      abandon();
      sendFrame();
    }),
  );
  answerPings(ws, writer);
  socket.on('drain', () => {
    for (const callback of state.current?.drains ?? []) callback();
  });
  const release = () => {
    writer.clear();
    abandon();
  };
  socket.once('close', release);
  // A client that left without a close frame: nothing it would still read is worth keeping.
  socket.once('end', () => {
    release();
    sendFin(socket);
  });

  return {
    exchange: (onComplete) => turnExchange({ state, socket, writer, closer, statusOf }, onComplete),
    send(frames) {
      if (state.isMute) return;
      writer.between(() => {
        if (!closer.isClosing && !socket.destroyed) socket.write(frames);
      });
    },
    interrupt(whenStopped) {
      if (state.isMute) return;
      writer.between(() => {
        if (closer.isClosing) return;
        abandon();
        whenStopped();
      });
    },
    close(status) {
      if (closer.isClosing) return;
      closer.begin();
      writer.between(() => {
        abandon();
        closer.send(status);
      });
    },
  };
}

/** Only the latest ping needs an answer (RFC 6455 section 5.5.3), so no more than one waits. */
function answerPings(ws: WebSocket, writer: FrameWriter): void {
  let pong: Buffer | undefined;
  ws.on('ping', (data: Buffer) => {
    const isFirst = pong === undefined;
    // A copy frees the buffer it lies in.
    pong = Buffer.from(data);
    if (!isFirst) return;
    writer.between(() => {
      if (ws.readyState === ws.OPEN) ws.pong(pong ?? '');
      pong = undefined;
    });
  });
}

interface LinkParts {
  readonly state: LinkState;
  readonly socket: Socket;
  readonly writer: FrameWriter;
  readonly closer: Closer;
  readonly statusOf: (name: string, message: string) => CloseStatus;
}

function turnExchange(parts: LinkParts, onComplete: () => void): Exchange {
  const { state, socket, writer, closer, statusOf } = parts;
  const turn: Turn = { drains: [], closes: [] };
  state.current = turn;
  const isStopped = () => turn !== state.current;
  return {
    head() {},
    write: (bytes) => isStopped() || socket.destroyed || writer.write(bytes, isStopped),
    fail(name, message) {
      state.current = undefined;
      closer.send(statusOf(name, message));
    },
    finish: (ending) => finish(ending, parts, onComplete),
    onDrain: (callback) => void turn.drains.push(callback),
    onClose: (callback) => void turn.closes.push(callback),
  };
}

function finish(ending: Ending, parts: LinkParts, onComplete: () => void): void {
  const { state, socket, writer, closer, statusOf } = parts;
  const close = (status: CloseStatus) => {
    state.current = undefined;
    closer.send(status);
  };
  switch (ending.kind) {
    case 'flood':
    case 'settings':
    case 'broken-frame':
      finish({ kind: ending.next }, parts, onComplete);
      return;
    case 'complete':
      state.isMute = !writer.isBetween;
      if (state.isMute) return;
      state.current = undefined;
      onComplete();
      return;
    case 'exception':
      close(statusOf(ending.name, ending.message));
      return;
    case 'close':
      close(ending);
      return;
    case 'cut':
    case 'goaway':
      state.isMute = true;
      afterFlush(socket, () => sendFin(socket));
      return;
    case 'bad-framing':
      state.isMute = true;
      afterFlush(socket, () => socket.write(reservedFrame));
      return;
    case 'reset':
    case 'cancel':
      state.isMute = true;
      afterFlush(socket, () => sendReset(socket));
      return;
    case 'hang':
      state.isMute = true;
      return;
    default:
      ending satisfies never;
  }
}

/** An empty final frame whose opcode means nothing (RFC 6455 section 5.2). */
const reservedFrame = Buffer.from([0x8f, 0]);

/** An empty write runs its callback once everything before it has reached the kernel. */
function afterFlush(socket: Socket, action: () => void): void {
  if (socket.destroyed) return;
  socket.write('', () => {
    if (!socket.destroyed) action();
  });
}

// Writes an answer's frames to a WebSocket's socket in whatever pieces they come, and lets other
// things in between two frames only: a control frame inside a frame would be taken for its payload.

import type { Socket } from 'node:net';
import { frameTracker } from '../codec/websocket.ts';

export interface FrameWriter {
  /** True when no frame is under way. */
  readonly isBetween: boolean;
  /** Runs now or as soon as the frame under way is out. */
  between(action: () => void): void;
  /** Forgets what waits. */
  clear(): void;
  /**
   * False when the client reads slower than this. What waited may have stopped the answer; then the
   * rest of the bytes is not written.
   */
  write(bytes: Uint8Array, isStopped: () => boolean): boolean;
}

export function createFrameWriter(socket: Socket): FrameWriter {
  const tracker = frameTracker();
  /** Empty between frames; callers let few things wait, one of each kind. */
  let waiting: (() => void)[] = [];
  const runWaiting = () => {
    const actions = waiting;
    waiting = [];
    for (const action of actions) action();
  };
  return {
    get isBetween() {
      return tracker.isBetween;
    },
    between(action) {
      if (tracker.isBetween) action();
      else waiting.push(action);
    },
    clear() {
      waiting = [];
    },
    write(bytes, isStopped) {
      let start = 0;
      if (waiting.length > 0) {
        start = tracker.take(bytes, 0);
        socket.write(bytes.subarray(0, start));
        if (!tracker.isBetween) return !socket.writableNeedDrain;
        runWaiting();
        if (isStopped()) return true;
      }
      let end = start;
      while (end < bytes.length) end = tracker.take(bytes, end);
      if (start < bytes.length) socket.write(bytes.subarray(start));
      return !socket.writableNeedDrain;
    },
  };
}

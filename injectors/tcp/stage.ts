// One toxic on one direction of one connection: the chunks that wait there, and the one timer that
// wakes the first of them. This is the only place of the proxy that waits.

import type { Clock } from '../determinism.ts';
import { type Chunk, createChunkQueue } from './chunk-queue.ts';
import { type CloseWay, pass, type Release, type ToxicFlow } from './toxic.ts';

/** What a stage hands on to: the next stage, or the socket. Undefined is the end of the source. */
export interface Sink {
  /** `atMs` is when it was due, which the timer that let it go may have missed a little. */
  push(bytes: Buffer | undefined, atMs?: number): void;
}

/** What a stage needs of its link. */
export interface StageHost {
  readonly clock: Clock;
  /** The receiving socket wants a pause. */
  isBlocked(): boolean;
  /** Bytes that began (or, below 0, ceased) to wait. */
  hold(bytes: number): void;
  close(way: CloseWay): void;
}

export interface Stage extends Sink {
  next: Sink;
  /** Goes on after a pause. */
  wake(): void;
  /** Undefined passes everything on. */
  setFlow(flow: ToxicFlow | undefined): void;
  /** For a stage that is taken out: what waits goes on to `next` at once. */
  flush(): void;
  /** Forgets everything; for a connection that is over. */
  stop(): void;
}

/** How late a timer may be and the toxic still catches up; what is longer was back-pressure. */
const catchUpMs = 20;
/** Pieces that go on before others get their turn. */
const piecesInARow = 1000;

export function createStage(host: StageHost, first: ToxicFlow | undefined, next: Sink): Stage {
  const { clock } = host;
  const queue = createChunkQueue(host.hold);
  const timers = createTimers(clock);
  let flow: ToxicFlow | undefined;
  /** What was decided of the first chunk, until it is due. */
  let step: Release | undefined;
  let lastMs = 0;
  let isOver = false;

  const run = (): void => {
    for (let pieces = 0; !isOver && !host.isBlocked(); pieces += 1) {
      const chunk = queue.peek();
      if (chunk === undefined) return;
      const nowMs = clock.nowMs();
      step ??= decide(flow, chunk, Math.max(chunk.arrivedMs, lastMs, nowMs - catchUpMs));
      if (step.kind === 'hold') return;
      const waitMs = step.kind === 'drop' ? 0 : step.atMs - nowMs;
      if (waitMs > 0 || pieces === piecesInARow) {
        timers.wakeAfter(waitMs, run);
        return;
      }
      const due = step;
      step = undefined;
      perform(due, nowMs);
    }
  };
  const perform = (release: Exclude<Release, { kind: 'hold' }>, nowMs: number): void => {
    if (release.kind === 'close') {
      host.close(release.way);
      return;
    }
    const taken = queue.take(release.kind === 'pass' ? release.bytes : Number.POSITIVE_INFINITY);
    if (release.kind === 'drop') return;
    lastMs = release.atMs;
    stage.next.push(taken, Math.max(lastMs, nowMs - catchUpMs));
    if (release.isLast === true) host.close('fin');
  };

  const stage: Stage = {
    next,
    push(bytes, atMs = clock.nowMs()) {
      if (flow === undefined && queue.peek() === undefined) stage.next.push(bytes, atMs);
      else if (queue.push(bytes, atMs)) run();
    },
    wake: run,
    setFlow(given) {
      timers.cancel();
      step = undefined;
      flow = given;
      if (flow?.lifetimeMs !== undefined) {
        timers.endAfter(flow.lifetimeMs, () => host.close('fin'));
      }
      run();
    },
    flush() {
      timers.cancel();
      flow = undefined;
      for (const { bytes } of queue.takeAll()) stage.next.push(bytes);
    },
    stop() {
      isOver = true;
      timers.cancel();
      queue.takeAll();
    },
  };
  stage.setFlow(first);
  return stage;
}

function decide(flow: ToxicFlow | undefined, chunk: Chunk, startMs: number): Release {
  const { bytes, arrivedMs } = chunk;
  if (bytes === undefined) return flow?.end?.(arrivedMs) ?? pass(0, startMs);
  const waiting = { lengthBytes: bytes.length, arrivedMs, startMs };
  return flow?.release(waiting) ?? pass(bytes.length, startMs);
}

function createTimers(clock: Clock) {
  let cancelWake: (() => void) | undefined;
  let cancelEnd: (() => void) | undefined;
  return {
    /** At most one is under way: the first chunk's. */
    wakeAfter(delayMs: number, callback: () => void) {
      cancelWake ??= clock.after(delayMs, () => {
        cancelWake = undefined;
        callback();
      });
    },
    endAfter(delayMs: number, callback: () => void) {
      cancelEnd = clock.after(delayMs, callback);
    },
    cancel() {
      cancelWake?.();
      cancelEnd?.();
      cancelWake = cancelEnd = undefined;
    },
  };
}

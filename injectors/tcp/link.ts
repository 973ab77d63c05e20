// One direction of one connection: a source, a chain of stages in the order in which the toxics
// were added, and a receiver. It knows no socket, so it is tested with a clock that stands still.
//
//   source ─► stage (latency) ─► stage (slicer) ─► receiver
//      ▲                                              │ false: wants a pause
//      └───────── paused while blocked or too much waits

import type { Clock, Rng } from '../determinism.ts';
import { createStage, type Stage, type StageHost } from './stage.ts';
import type { CloseWay, ToxicFlow, ToxicSpec } from './toxic.ts';
import { findToxic } from './toxics.ts';

export interface LinkEnds {
  /** False when the receiver wants a pause; `unblock` ends it. */
  write(bytes: Buffer): boolean;
  /** The source has ended, and everything before has been written. */
  end(): void;
  /** A toxic ends the whole connection. */
  close(way: CloseWay): void;
  pauseSource(): void;
  resumeSource(): void;
}

export interface Link {
  /** What the source sent; undefined is its end. */
  push(bytes: Buffer | undefined): void;
  /** The receiver takes more again. */
  unblock(): void;
  add(spec: ToxicSpec): void;
  update(spec: ToxicSpec): void;
  remove(spec: ToxicSpec): void;
  /** Drops what waits and every timer. */
  stop(): void;
}

/**
 * What may wait in one direction of one connection before its source is paused. A latency of 100 ms
 * so still lets 40 MB/s through.
 */
export const holdLimitBytes = 4 * 1024 ** 2;

interface Entry {
  readonly name: string;
  readonly stage: Stage;
  flow: ToxicFlow | undefined;
}

export function createLink(
  ends: LinkEnds,
  specs: readonly ToxicSpec[],
  { clock, rng }: { readonly clock: Clock; readonly rng: Rng },
): Link {
  const chain: Entry[] = [];
  const receiver = createReceiver(ends, clock);
  const entryOf = ({ name }: ToxicSpec) => chain.find((entry) => entry.name === name);

  const link: Link = {
    push: (bytes) => (chain[0]?.stage ?? receiver).push(bytes),
    unblock() {
      if (!receiver.isBlocked()) return;
      receiver.unblock();
      // From the receiver's end, so that what has come furthest goes first.
      for (const { stage } of chain.toReversed()) stage.wake();
      receiver.steer();
    },
    add(spec) {
      const flow = flowOf(spec, rng);
      const stage = createStage(receiver, flow, receiver);
      const last = chain.at(-1);
      if (last !== undefined) last.stage.next = stage;
      chain.push({ name: spec.name, stage, flow });
    },
    update(spec) {
      const entry = entryOf(spec);
      if (entry === undefined) return;
      entry.flow = flowOf(spec, rng, entry.flow);
      entry.stage.setFlow(entry.flow);
    },
    remove(spec) {
      const entry = entryOf(spec);
      if (entry === undefined) return;
      const place = chain.indexOf(entry);
      chain.splice(place, 1);
      const before = chain[place - 1];
      if (before !== undefined) before.stage.next = entry.stage.next;
      const hasLostData =
        entry.flow !== undefined && findToxic(spec.type)?.closesOnRemoval === true;
      if (hasLostData) ends.close('fin');
      else entry.stage.flush();
    },
    stop() {
      for (const { stage } of chain) stage.stop();
    },
  };
  for (const spec of specs) link.add(spec);
  return link;
}

/** The end of the chain: it writes, and pauses the source while too much waits. */
function createReceiver(ends: LinkEnds, clock: Clock) {
  let heldBytes = 0;
  let isBlocked = false;
  let isPaused = false;
  const steer = () => {
    const shouldPause = isBlocked || heldBytes > holdLimitBytes;
    if (shouldPause === isPaused) return;
    isPaused = shouldPause;
    if (isPaused) ends.pauseSource();
    else ends.resumeSource();
  };
  return {
    clock,
    isBlocked: () => isBlocked,
    hold(bytes) {
      heldBytes += bytes;
      steer();
    },
    close: (way) => ends.close(way),
    push(bytes: Buffer | undefined) {
      if (bytes === undefined) ends.end();
      else if (!ends.write(bytes)) {
        isBlocked = true;
        steer();
      }
    },
    unblock() {
      isBlocked = false;
    },
    steer,
  } satisfies StageHost & Record<string, unknown>;
}

/** The draw belongs to connection and toxic: a changed toxicity hits more or fewer of the same. */
function flowOf(spec: ToxicSpec, rng: Rng, previous?: ToxicFlow): ToxicFlow | undefined {
  const chance = rng.fork(spec.name);
  if (chance.next() >= spec.toxicity || spec.type === 'noop') return undefined;
  return findToxic(spec.type)?.flow(spec.attributes, chance, previous);
}

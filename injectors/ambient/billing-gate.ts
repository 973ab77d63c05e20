// The gate before the gateway's billing consumer, inside the gateway: every call of the wrapped
// function passes here and is held, delayed, failed or made twice as the mode says. It keeps
// nothing for a call that has gone through, so the gate itself cannot be mistaken for a leak.

import { setMaxListeners } from 'node:events';
import { type Clock, sleep, systemClock } from '../determinism.ts';
import { healthy, type StallState } from './billing-stall.ts';
import { eventKey, isOneIn } from './event-key.ts';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

export interface BillingGate {
  set(state: StallState): void;
  /** Calls begun since the start, and calls held or delayed right now. */
  counts(): { readonly calls: number; readonly waiting: number };
  /** A function of the same arity that goes through the gate; `this` is kept. */
  wrap(original: AnyFunction): AnyFunction;
}

export function createBillingGate(clock: Clock = systemClock): BillingGate {
  let state: StallState = healthy;
  let sinceMs = clock.nowMs();
  const slots = createSlots(clock);
  let changed = changeController();
  let calls = 0;
  let waiting = 0;

  async function pass(key: string): Promise<void> {
    for (;;) {
      const { signal } = changed;
      const ms = waitMs(state, clock.nowMs() - sinceMs, slots.take);
      if (ms === 0) break;
      const isOver = await (ms === Number.POSITIVE_INFINITY
        ? aborted(signal)
        : sleep(ms, signal).then(...waitedOut));
      if (isOver) break;
    }
    const isPoison = state.mode === 'poison' && isOneIn(state.nth, key);
    if (state.mode === 'error' || isPoison) {
      throw new Error(`leakbed fault billing-stall (${state.mode}): this call was made to fail.`);
    }
  }

  return {
    set(next) {
      state = next;
      sinceMs = clock.nowMs();
      slots.clear();
      const previous = changed;
      changed = changeController();
      previous.abort();
    },
    counts: () => ({ calls, waiting }),
    wrap(original) {
      const gated: AnyFunction = function (...args) {
        calls += 1;
        // A healthy consumer must look untouched, a synchronous one included.
        if (state.mode === 'pass') return original.apply(this, args);
        const key = eventKey(args[0]);
        waiting += 1;
        return pass(key)
          .finally(() => {
            waiting -= 1;
          })
          .then(async () => {
            // The work was done and its acknowledgement lost: the event comes once more.
            const isTwice = state.mode === 'duplicate-ack' && isOneIn(state.nth, key);
            if (isTwice) await original.apply(this, args);
            return original.apply(this, args);
          });
      };
      return Object.defineProperties(gated, {
        name: { value: original.name, configurable: true },
        length: { value: original.length, configurable: true },
      });
    },
  };
}

/** How long a call has to wait now; a change of mode ends the wait and the new mode decides. */
function waitMs(
  { mode, delayMs }: StallState,
  elapsedMs: number,
  takeSlot: (everyMs: number) => number,
): number {
  switch (mode) {
    case 'stuck':
      return Number.POSITIVE_INFINITY;
    case 'slow':
      return takeSlot(delayMs);
    case 'flap':
      return Math.max(0, delayMs - (elapsedMs % (2 * delayMs)));
    default:
      return 0;
  }
}

/** Calls that come at once take turns, so that a delay bounds the rate of all of them. */
function createSlots(clock: Clock) {
  let lastMs = clock.nowMs();
  return {
    /** Returns the wait until the slot that was taken. */
    take(everyMs: number): number {
      const nowMs = clock.nowMs();
      lastMs = Math.max(nowMs, lastMs) + everyMs;
      return lastMs - nowMs;
    },
    clear() {
      lastMs = clock.nowMs();
    },
  };
}

/** Turns the end of a wait into "was it waited out?"; an aborted one was not. */
const waitedOut = [() => true, () => false] as const;

/** Any number of calls may wait on one change, so Node's warning at eleven is beside the point. */
function changeController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** A wait without an end: it is never waited out. */
function aborted(signal: AbortSignal): Promise<false> {
  const { promise, resolve } = Promise.withResolvers<false>();
  if (signal.aborted) resolve(false);
  else signal.addEventListener('abort', () => resolve(false), { once: true });
  return promise;
}

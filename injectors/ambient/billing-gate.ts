// The gate before the gateway's billing consumer, inside the gateway: every call of the wrapped
// function passes here and is held, delayed or failed as the mode says. It keeps nothing for a
// call that has gone through, so the gate itself cannot be mistaken for a leak.

import { setMaxListeners } from 'node:events';
import { sleep } from '../determinism.ts';
import type { StallState } from './billing-stall.ts';

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

export interface BillingGate {
  set(state: StallState): void;
  /** Calls begun since the start, and calls held or delayed right now. */
  counts(): { readonly calls: number; readonly waiting: number };
  /** A function of the same arity that goes through the gate; `this` is kept. */
  wrap(original: AnyFunction): AnyFunction;
}

export function createBillingGate(): BillingGate {
  let state: StallState = { mode: 'pass', delayMs: 0 };
  let changed = changeController();
  let calls = 0;
  let waiting = 0;

  /** Waits as the mode says; a change of mode ends the wait and the new mode decides. */
  async function pass(): Promise<void> {
    let isDelayed = false;
    while (state.mode === 'stuck' || (state.mode === 'slow' && !isDelayed)) {
      const { signal } = changed;
      if (state.mode === 'stuck') await aborted(signal);
      else isDelayed = await sleep(state.delayMs, signal).then(...completed);
    }
    if (state.mode === 'error') {
      throw new Error('leakbed fault billing-stall: this billing call was made to fail.');
    }
  }

  return {
    set(next) {
      state = next;
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
        waiting += 1;
        return pass()
          .finally(() => {
            waiting -= 1;
          })
          .then(() => original.apply(this, args));
      };
      return Object.defineProperties(gated, {
        name: { value: original.name, configurable: true },
        length: { value: original.length, configurable: true },
      });
    },
  };
}

/** Turns the end of a wait into "was it waited out?"; an aborted sleep was not. */
const completed = [() => true, () => false] as const;

/** Any number of calls may wait on one change, so Node's warning at eleven is beside the point. */
function changeController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}

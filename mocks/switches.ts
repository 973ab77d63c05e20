// Switches for faults that act inside the gateway (the billing stall). The gateway's hook asks by
// long poll, so it works through a container's network where only the gateway can call out.

import type { Clock } from '../injectors/determinism.ts';

export interface SwitchState {
  readonly version: number;
  readonly mode: string;
  readonly delayMs: number;
}

/** What the hook last told: that it follows `version`, and what it holds back. */
export interface SwitchSeen {
  readonly version: number;
  readonly calls: number;
  readonly waiting: number;
}

export interface Switch {
  readonly state: SwitchState;
  readonly seen: SwitchSeen | null;
  /** Polls that wait for a change. */
  readonly waiting: number;
  set(mode: string, delayMs: number): SwitchState;
  markSeen(seen: SwitchSeen): void;
  /** Answers at once when newer than `since`, else on the next change or after the poll limit. */
  changedSince(since: number, onAbort: (callback: () => void) => void): Promise<SwitchState>;
}

const pollLimitMs = 20_000;

export function createSwitch(clock: Clock): Switch {
  let state: SwitchState = { version: 1, mode: 'pass', delayMs: 0 };
  let seen: SwitchSeen | null = null;
  const waiting = new Set<() => void>();
  return {
    get state() {
      return state;
    },
    get seen() {
      return seen;
    },
    get waiting() {
      return waiting.size;
    },
    set(mode, delayMs) {
      state = { version: state.version + 1, mode, delayMs };
      for (const wake of [...waiting]) wake();
      return state;
    },
    markSeen(report) {
      seen = report;
    },
    changedSince(since, onAbort) {
      const { promise, resolve } = Promise.withResolvers<SwitchState>();
      if (state.version > since) {
        resolve(state);
        return promise;
      }
      const wake = () => {
        cancel();
        waiting.delete(wake);
        resolve(state);
      };
      const cancel = clock.after(pollLimitMs, wake);
      waiting.add(wake);
      onAbort(wake);
      return promise;
    },
  };
}

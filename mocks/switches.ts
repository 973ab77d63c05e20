// Switches of the billing stall. Who follows one asks by long poll: a hook in the gateway, also
// through a container's network where only the gateway can call out, or a proxy before its sink.

import {
  healthy,
  readStallState,
  type StallPlace,
  type StallState,
  type switchNames,
} from '../injectors/ambient/billing-stall.ts';
import type { Clock } from '../injectors/determinism.ts';

export interface SwitchState extends StallState {
  readonly version: number;
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
  /** Throws a RangeError that names what is allowed. */
  set(mode: string, delayMs?: number, nth?: number): SwitchState;
  markSeen(seen: SwitchSeen): void;
  /** Answers at once when newer than `since`, else on the next change or after the poll limit. */
  changedSince(since: number, onAbort: (callback: () => void) => void): Promise<SwitchState>;
}

const pollLimitMs = 20_000;

export type Switches = Readonly<Record<(typeof switchNames)[StallPlace], Switch>>;

/** One for each place where a stall can take hold. */
export function createSwitches(clock: Clock): Switches {
  return {
    'billing-stall': createSwitch(clock, 'hook'),
    'billing-stall-wire': createSwitch(clock, 'wire'),
    'billing-stall-container': createSwitch(clock, 'container'),
  };
}

function createSwitch(clock: Clock, place: StallPlace): Switch {
  let state: SwitchState = { version: 1, ...healthy };
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
    set(mode, delayMs, nth) {
      state = { version: state.version + 1, ...readStallState(mode, delayMs, nth, place) };
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

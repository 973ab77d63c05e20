// Disturbs the gateway's billing consumer. The switch stands for whatever reaches it: for a Node
// gateway the preload hook (billing-hook.ts), told through the control plane of the fake providers.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration } from '../options.ts';

/** What the billing consumer does with a call; `pass` is the healthy state. */
export type StallMode = 'pass' | 'stuck' | 'slow' | 'error';

export interface StallState {
  readonly mode: StallMode;
  /** Wait before each call in mode `slow`. */
  readonly delayMs: number;
}

export interface StallSwitch {
  /** Resolves when the consumer has taken the state on, and rejects when it cannot be reached. */
  set(state: StallState): Promise<void>;
}

const pass: StallState = { mode: 'pass', delayMs: 0 };
const verbs = {
  stuck: 'holds every call until healed',
  slow: 'delays every call',
  error: 'makes every call fail',
  recover: 'lets every call pass again',
} as const;

export const billingStall = defineInjector({
  name: 'billing-stall',
  family: 'ambient',
  summary: "Stalls, slows or breaks the gateway's billing consumer.",
  options: {
    mode: choice(['stuck', 'slow', 'error', 'recover'], 'stuck', 'what the consumer does'),
    delay: duration('200ms', 'wait before each call, for mode=slow'),
  },
  example: 'billing-stall;mode=slow;delay=100ms',
  explain: ({ mode, delay }) =>
    `billing consumer: ${verbs[mode]}${mode === 'slow' ? ` by ${delay} ms` : ''}`,
  async disrupt({ mode, delay }, { target, note }: DisruptContext<StallSwitch>) {
    await target.set(mode === 'recover' ? pass : { mode, delayMs: mode === 'slow' ? delay : 0 });
    note(mode);
    return {
      async [Symbol.asyncDispose]() {
        await target.set(pass);
        note('healed');
      },
    };
  },
});

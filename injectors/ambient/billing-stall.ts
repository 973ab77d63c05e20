// Disturbs the gateway's billing consumer. It can be reached in three places, each behind a switch
// of its own: in the process (billing-hook.ts), on the wire to its sink (billing-wire.ts), and in
// the sink's container. The switch is told through the control plane of the fake providers, or
// directly by whoever steers the run.

import { type DisruptContext, defineInjector } from '../injector.ts';
import { choice, duration, integer } from '../options.ts';

/** What the billing consumer does with a call; `pass` is the healthy state. */
export const stallModes = [
  'pass',
  'stuck',
  'slow',
  'error',
  'flap',
  'poison',
  'duplicate-ack',
] as const;
export type StallMode = (typeof stallModes)[number];

/** Where the stall takes hold, the nearest to the consumer first. */
export const stallPlaces = ['hook', 'wire', 'container'] as const;
export type StallPlace = (typeof stallPlaces)[number];

/** The switches of the control plane, one for each place. */
export const switchNames = {
  hook: 'billing-stall',
  wire: 'billing-stall-wire',
  container: 'billing-stall-container',
} as const satisfies Record<StallPlace, string>;

export interface StallState {
  readonly mode: StallMode;
  /** slow: the least time from one call to the next. flap: how long it is stuck, then well. */
  readonly delayMs: number;
  /** poison, duplicate-ack: one event in so many, always the same ones. */
  readonly nth: number;
}

export interface StallSwitch {
  /** Resolves when the consumer has taken the state on, and rejects when it cannot be reached. */
  set(state: StallState): Promise<void>;
}

export interface StallTarget {
  /** `nearest`: the first place that reaches this gateway. Throws where none does. */
  at(place: StallPlace | 'nearest'): { readonly place: StallPlace; readonly switch: StallSwitch };
}

export const healthy: StallState = { mode: 'pass', delayMs: 0, nth: 1 };

/** What cannot be done in a place, and why. */
const noEvents = 'the wire knows no single events';
const wholeContainer = 'a container as a whole can be paused or cut off, and no more';
export const refusals: Readonly<Record<StallPlace, Partial<Record<StallMode, string>>>> = {
  hook: {},
  wire: { poison: noEvents },
  container: { slow: wholeContainer, poison: wholeContainer, 'duplicate-ack': wholeContainer },
};

/** Throws a sentence with what is allowed; `recover` is the healthy mode under its fault's name. */
export function readStallState(
  mode: unknown,
  delayMs: unknown = 0,
  nth: unknown = 1,
  place: StallPlace = 'hook',
): StallState {
  const known = mode === 'recover' ? 'pass' : stallModes.find((name) => name === mode);
  if (known === undefined) {
    const allowed = [...stallModes, 'recover'].join(', ');
    throw new RangeError(
      `Cannot switch billing to mode "${mode}": there is no such mode. Use one of ${allowed}.`,
    );
  }
  const refusal = refusals[place][known];
  if (refusal !== undefined) {
    const allowed = stallModes.filter((name) => refusals[place][name] === undefined).join(', ');
    throw new RangeError(
      `Cannot switch billing to ${known} in place "${place}": ${refusal}. Use one of ${allowed}.`,
    );
  }
  const isTime = typeof delayMs === 'number' && delayMs >= 0 && delayMs <= longestMs;
  if (!isTime || (known === 'flap' && delayMs === 0)) {
    const least = known === 'flap' ? 1 : 0;
    throw new RangeError(
      `Cannot switch billing to ${known} with delayMs ${delayMs}: ` +
        `it must be a number from ${least} to ${longestMs}.`,
    );
  }
  if (!Number.isSafeInteger(nth) || Number(nth) < 1) {
    throw new RangeError(
      `Cannot switch billing with nth ${nth}: it must be a whole number from 1.`,
    );
  }
  return { mode: known, delayMs, nth: Number(nth) };
}

/** What a timer can hold. */
const longestMs = 2 ** 31 - 1;

const verbs = {
  stuck: 'holds every call until healed',
  slow: 'lets one call pass after the other',
  error: 'makes every call fail',
  flap: 'is stuck and well in turns',
  poison: 'fails the same events, however often they come',
  'duplicate-ack': 'gets the same events twice, as if an acknowledgement was lost',
  recover: 'lets every call pass again',
} as const;

const mostPerSecond = 100_000;

export const billingStall = defineInjector({
  name: 'billing-stall',
  family: 'ambient',
  summary: "Stalls, slows or breaks the gateway's billing consumer.",
  options: {
    mode: choice(
      ['stuck', 'slow', 'error', 'flap', 'poison', 'duplicate-ack', 'recover'],
      'stuck',
      'what the consumer does',
    ),
    via: choice(
      ['nearest', ...stallPlaces],
      'nearest',
      "where it takes hold: in the process, on the wire to the sink, on the sink's container",
    ),
    delay: duration('200ms', 'slow: wait before each call; flap: time stuck, then well'),
    rate: integer(0, 'slow: calls a second, instead of a delay', { min: 0, max: mostPerSecond }),
    nth: integer(10, 'poison, duplicate-ack: one event in so many', { min: 1, max: 1_000_000 }),
  },
  example: 'billing-stall;mode=slow;delay=100ms',
  explain: ({ mode, via, delay, rate, nth }) => {
    const place = via === 'nearest' ? '' : ` (${via})`;
    return `billing consumer${place}: ${verbs[mode]}${detail(mode, pauseMs(delay, rate), nth)}`;
  },
  async disrupt({ mode, via, delay, rate, nth }, context: DisruptContext<StallTarget>) {
    const found = context.target.at(via);
    const isTimed = mode === 'slow' || mode === 'flap';
    const delayMs = isTimed ? pauseMs(delay, rate) : 0;
    await found.switch.set(readStallState(mode, delayMs, nth, found.place));
    context.note(mode);
    return {
      async [Symbol.asyncDispose]() {
        await found.switch.set(healthy);
        context.note('healed');
      },
    };
  },
});

const pauseMs = (delayMs: number, ratePerSecond: number) =>
  ratePerSecond === 0 ? delayMs : 1000 / ratePerSecond;

function detail(mode: keyof typeof verbs, delayMs: number, nth: number): string {
  if (mode === 'slow' || mode === 'flap') return ` (${delayMs} ms)`;
  return mode === 'poison' || mode === 'duplicate-ack' ? ` (1 in ${nth})` : '';
}

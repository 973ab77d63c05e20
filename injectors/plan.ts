// A fault plan says which fault happens, where and how often. It is plain JSON; validation
// returns every problem at once, so a plan is mended in one go.

import type { BoundFault } from './injector.ts';
import type { RawValue } from './options.ts';

/** Which requests a fault concerns; an absent field matches all. */
export interface FaultMatch {
  readonly provider?: string;
  readonly operation?: string;
  /** A model id without its `~` suffix; `*` stands for any text. */
  readonly model?: string;
  /** Share of the requests that are looked at at all, 0 to 1; drawn from the seed before `nth`. */
  readonly probability?: number;
  /** Every nth matching request, counted from 1. */
  readonly nth?: number;
}

/** When a fault acts: durations such as `30s` since it was put in force. */
export interface FaultWindow {
  /** Name of the phase that must be on; the harness and the control plane say which one is. */
  readonly phase?: string;
  readonly from?: string | number;
  readonly until?: string | number;
  /** The window comes again with this period: `from` and `until` count from each period's start. */
  readonly every?: string | number;
}

/** One fault as data: `{"fault":"truncate","options":{"at":"50%"}}`. */
export interface Fault {
  readonly fault: string;
  readonly options?: Readonly<Record<string, RawValue>>;
  readonly match?: FaultMatch;
  readonly when?: FaultWindow;
  /** Share of the matching requests that are hit, 0 to 1; drawn from the seed. */
  readonly toxicity?: number;
  /** At most so many requests, then the fault is spent. */
  readonly times?: number;
  /** The fault reverts by itself so long after it was put in force. */
  readonly ttl?: string | number;
}

export interface FaultPlan {
  readonly seed?: number;
  /** The phase that is on when the plan is put in force. */
  readonly phase?: string;
  readonly faults: readonly Fault[];
}

/** When a fault may act, in milliseconds since it was put in force. */
export interface Timing {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The window comes again with this period; undefined: once. */
  readonly everyMs: number | undefined;
  /** The fault is no part of the plan any more after that. */
  readonly ttlMs: number;
}

/** A fault whose options were checked, ready to act. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly bound: BoundFault;
  readonly timing: Timing;
}

/** Reads `truncate;at=50%;end=cut`: the form of directives, headers and `--fault`. */
export function parseFaultWords(words: string): Fault {
  const [name = '', ...pairs] = words.split(';').map((part) => part.trim());
  const options = pairs.filter(Boolean).map((pair): [string, RawValue] => {
    const cut = pair.indexOf('=');
    return cut === -1 ? [pair, true] : [pair.slice(0, cut), pair.slice(cut + 1)];
  });
  // `fromEntries` makes own members of all names, so `__proto__` is seen and refused as well.
  return { fault: name, options: Object.fromEntries(options) };
}

export function printFault(fault: Fault): string {
  const options = Object.entries(fault.options ?? {}).map(([name, value]) => `;${name}=${value}`);
  return `${fault.fault}${options.join('')}`;
}

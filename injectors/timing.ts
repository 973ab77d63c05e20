// When a fault of a plan may act: its window and its time to live, as durations since it was put
// in force. Decided from a clock's reading when a request comes, so nothing waits and no timer is
// left over.

import { duration } from './options.ts';
import type { Fault, Timing } from './plan.ts';

const time = duration('0ms', '');

/** Only of faults whose durations were checked. */
export function timingOf({ when, ttl }: Fault): Timing {
  const read = (raw: string | number | undefined, otherwise: number) =>
    raw === undefined ? otherwise : time.parse(raw);
  return {
    fromMs: read(when?.from, 0),
    untilMs: read(when?.until, Number.POSITIVE_INFINITY),
    everyMs: when?.every === undefined ? undefined : time.parse(when.every),
    ttlMs: read(ttl, Number.POSITIVE_INFINITY),
  };
}

export function isExpired({ ttlMs }: Timing, elapsedMs: number): boolean {
  return elapsedMs >= ttlMs;
}

export function isOpen(timing: Timing, elapsedMs: number): boolean {
  const { fromMs, untilMs, everyMs } = timing;
  const placeMs = everyMs === undefined ? elapsedMs : elapsedMs % everyMs;
  return placeMs >= fromMs && placeMs < untilMs && !isExpired(timing, elapsedMs);
}

/** Windows in which no request can ever come. */
export function contradictions(fault: Fault, path: string): string[] {
  const { when, ttl } = fault;
  const { fromMs, untilMs, everyMs, ttlMs } = timingOf(fault);
  const problems: string[] = [];
  if (untilMs <= fromMs) {
    problems.push(
      `Cannot use ${path}.when.until ${when?.until}: the window is over before it begins at ` +
        `${when?.from ?? '0ms'}. Give a later end.`,
    );
  }
  if (everyMs !== undefined && when?.from === undefined && when?.until === undefined) {
    problems.push(
      `Cannot use ${path}.when.every ${when?.every}: there is no window to repeat. Give from or until.`,
    );
  } else if (everyMs !== undefined && everyMs <= fromMs) {
    problems.push(
      `Cannot use ${path}.when.from ${when?.from}: a period of ${when?.every} is over by then. ` +
        'Give a longer period.',
    );
  } else if (everyMs !== undefined && Number.isFinite(untilMs) && everyMs < untilMs) {
    problems.push(
      `Cannot use ${path}.when.until ${when?.until}: it is longer than the period of ` +
        `${when?.every}. Give a shorter window.`,
    );
  }
  if (ttlMs <= fromMs) {
    problems.push(
      `Cannot use ${path}.ttl ${ttl}: the fault ends before its window begins at ` +
        `${when?.from ?? '0ms'}. Give a longer time to live.`,
    );
  }
  return problems;
}

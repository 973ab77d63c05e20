// Turns readings into windows. Time is measured in work: a window lasts until as much was done as
// usually is in its time, so that a cache that fills at night, or garbage that waits for its
// collection, gets as many windows as by day. Where next to nothing is done it ends all the same.

import type { Reading, Window } from './window.ts';

export interface WindowMaker {
  /** The window that this reading completed, if it did. */
  add(reading: Reading): Window | null;
  /** The target began anew: how much it usually does is remembered. */
  restart(): void;
}

/** In windows. Memory follows traffic with a delay, and not at all from one second to the next. */
const smoothWindows = 30;
const usualWindows = 8640;
/** Of what is usually done in its time, what a window needs; how much longer it may last for it. */
const leastShare = 0.8;
const longest = 5;

export function windowMaker(windowMs: number): WindowMaker {
  let first: Reading | null = null;
  let floorBytes = Number.POSITIVE_INFINITY;
  let seenMs = 0;
  let [pace, usual] = [0, 0];
  /** An average over all that was seen, until that is longer than its time constant. */
  const averaged = (average: number, now: number, spanMs: number, constantMs: number) =>
    average + Math.min(1, spanMs / Math.min(seenMs, constantMs)) * (now - average);
  return {
    add(reading) {
      first ??= reading;
      floorBytes = Math.min(floorBytes, reading.bytes);
      const spanMs = reading.timeMs - first.timeMs;
      const done = reading.work - first.work;
      const isShort = spanMs < longest * windowMs && done < (leastShare * usual * windowMs) / 1000;
      if (spanMs < windowMs || isShort) return null;
      seenMs += spanMs;
      const now = (1000 * done) / spanMs;
      pace = averaged(pace, now, spanMs, smoothWindows * windowMs);
      usual = averaged(usual, now, spanMs, usualWindows * windowMs);
      const { timeMs: startMs } = first;
      const made = { startMs, endMs: reading.timeMs, floorBytes, work: reading.work, pace };
      first = reading;
      floorBytes = Number.POSITIVE_INFINITY;
      return made;
    },
    restart() {
      first = null;
      floorBytes = Number.POSITIVE_INFINITY;
    },
  };
}

// A window of readings, which is all that is kept of them: its low, which a sawtooth of collections
// leaves alone, and the work done up to its end. Two neighbours merge into one twice as long.

export interface Reading {
  /** On any clock that does not go back. */
  readonly timeMs: number;
  readonly bytes: number;
  /** Done since the watch began, in the target's unit of work; does not fall at a restart. */
  readonly work: number;
}

export interface Window {
  readonly startMs: number;
  readonly endMs: number;
  readonly floorBytes: number;
  /** Up to its end. */
  readonly work: number;
  /** Work per second, smoothed over some minutes; the highest that belongs to this window. */
  readonly pace: number;
}

export function merged(earlier: Window, later: Window): Window {
  return {
    startMs: earlier.startMs,
    endMs: later.endMs,
    floorBytes: Math.min(earlier.floorBytes, later.floorBytes),
    work: later.work,
    pace: Math.max(earlier.pace, later.pace),
  };
}

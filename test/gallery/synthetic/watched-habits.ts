// What the memory of a process is made of that `leakbed watch` looks at in the gallery: its habits,
// each as bytes held after a step. None of them is a leak.

import type { Rng } from '../../../injectors/determinism.ts';

export const habits = [
  'warm-up',
  'daily cycle',
  'bursts',
  'filling cache',
  'popular keys',
  'TTL cache',
  'fragmentation',
  'restarts',
  'large teeth',
  'jobs',
  'cache flushed',
  'settings reloaded',
] as const;
export type Habit = (typeof habits)[number];

export const MiB = 1024 ** 2;
export const stepMs = 5_000;
export const stepSeconds = stepMs / 1000;
export const hourMs = 3_600_000;

export const between = (rng: Rng, low: number, high: number) => low + (high - low) * rng.next();
export const logBetween = (rng: Rng, low: number, high: number) =>
  low * Math.exp(rng.next() * Math.log(high / low));
export const normal = (rng: Rng): number =>
  Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());

/** What a part of the process does in one step. */
export interface Step {
  readonly timeMs: number;
  /** Requests of this step. */
  readonly requests: number;
  /** Requests per second, without chance. */
  readonly pace: number;
  /** Requests since the process began. */
  readonly done: number;
}

/** Bytes that a part holds after a step; a restart makes a new one. */
type Part = (step: Step) => number;

/** A restart begins it anew. */
export type Beginning = (rng: Rng) => Part;

export function drawParts(
  rng: Rng,
  has: (habit: Habit) => boolean,
  mean: number,
): readonly Beginning[] {
  const optional: Readonly<Partial<Record<Habit, () => Beginning>>> = {
    'warm-up': () => warmUp(between(rng, 10, 60) * MiB, between(rng, 20, 400) * mean),
    'filling cache': () => filling(between(rng, 10, 150) * MiB, between(rng, 2, 12) * 60 * mean),
    'popular keys': () => warmUp(between(rng, 10, 120) * MiB, between(rng, 1, 8) * 60 * mean),
    'TTL cache': () => expiring(between(rng, 5, 150) * MiB, mean, between(rng, 30, 720)),
    fragmentation: () => fragments(between(rng, 1, 8) * MiB, 20 * mean),
    jobs: () => jobs(between(rng, 20, 120) * MiB, between(rng, 20, 180) * 60_000),
    'cache flushed': () =>
      flushed(between(rng, 10, 100) * MiB, between(rng, 2, 10) * 60 * mean, between(rng, 2, 9)),
    'settings reloaded': () => reloads(between(rng, 1, 15) * MiB, between(rng, 2, 12)),
  };
  const chosen = habits.filter(has).flatMap((habit) => optional[habit]?.() ?? []);
  return [
    teeth(has('large teeth') ? between(rng, 20, 80) * MiB : between(rng, 2, 20) * MiB, rng, mean),
    wander(between(rng, 0.2, 1.5) * MiB, between(rng, 60, 1800)),
    withTraffic(between(rng, 0, 60) * MiB, mean, between(rng, 60, 300), between(rng, 1, 20)),
    ...chosen,
  ];
}

/** Approaches its size as requests come. */
const warmUp =
  (size: number, scale: number): Beginning =>
  () =>
  ({ done }) =>
    size * (1 - Math.exp(-done / scale));

const filling =
  (size: number, fullAfter: number): Beginning =>
  () =>
  ({ done }) =>
    size * Math.min(1, done / fullAfter);

/** Entries live for a time: as many are held as came in it. */
const expiring =
  (bytesAtMean: number, mean: number, seconds: number): Beginning =>
  () => {
    const entryBytes = bytesAtMean / (mean * seconds);
    const came: number[] = [];
    let held = 0;
    return ({ requests }) => {
      came.push(requests);
      held += requests;
      if (came.length > seconds / stepSeconds) held -= came.shift() ?? 0;
      return held * entryBytes;
    };
  };

const fragments =
  (bytes: number, scale: number): Beginning =>
  () =>
  ({ done }) =>
    bytes * Math.log1p(done / scale);

/** Now and then a job takes memory for some minutes. */
const jobs =
  (bytes: number, everyMs: number): Beginning =>
  (rng) => {
    let fromMs = -1;
    let untilMs = -1;
    return ({ timeMs }) => {
      if (fromMs < 0) fromMs = timeMs + everyMs * rng.next();
      if (timeMs >= fromMs) {
        untilMs = fromMs + between(rng, 1, 8) * 60_000;
        fromMs += everyMs * between(rng, 0.8, 1.2);
      }
      return timeMs < untilMs ? bytes : 0;
    };
  };

/** A cache that is emptied every few hours and fills again. */
const flushed =
  (size: number, fullAfter: number, everyHours: number): Beginning =>
  (rng) => {
    let nextMs = -1;
    let filled = 0;
    return ({ timeMs, requests }) => {
      if (nextMs < 0) nextMs = timeMs + everyHours * hourMs * rng.next();
      if (timeMs >= nextMs) {
        nextMs += everyHours * hourMs * between(rng, 0.7, 1.3);
        filled = 0;
      }
      filled = Math.min(fullAfter, filled + requests);
      return (size * filled) / fullAfter;
    };
  };

/** Settings are read anew a few times, and are sometimes larger. */
const reloads =
  (bytes: number, everyHours: number): Beginning =>
  (rng) => {
    let nextMs = -1;
    let held = 0;
    return ({ timeMs }) => {
      if (nextMs < 0) nextMs = timeMs + everyHours * hourMs * rng.next();
      if (timeMs >= nextMs) {
        nextMs += everyHours * hourMs * between(rng, 0.5, 1.5);
        held = bytes * rng.next();
      }
      return held;
    };
  };

/** Garbage by request until it is collected; not all of it is given back to the system. */
function teeth(bytes: number, rng: Rng, mean: number): Beginning {
  const period = logBetween(rng, 3, 600) * mean;
  return (chance) => {
    let [garbage, kept, next] = [0, 0, period];
    return ({ requests }) => {
      garbage += requests;
      if (garbage >= next) {
        garbage = 0;
        next = period * between(chance, 0.7, 1.3);
        kept = 0.1 * bytes * chance.next();
      }
      return Math.max(kept, (bytes * garbage) / period);
    };
  };
}

/** What is high stays high for a while. */
const wander =
  (sd: number, seconds: number): Beginning =>
  (rng) => {
    const memory = Math.exp(-stepSeconds / seconds);
    let state = normal(rng);
    return () => {
      state = memory * state + Math.sqrt(1 - memory * memory) * normal(rng);
      return sd * state;
    };
  };

/** Connections, buffers, pools: quick to grow with traffic and slow to shrink. */
const withTraffic =
  (bytesAtMean: number, mean: number, seconds: number, slower: number): Beginning =>
  () => {
    let level = 0;
    return ({ pace }) => {
      const wanted = pace / mean;
      const rate = stepSeconds / (wanted > level ? seconds : slower * seconds);
      level += Math.min(1, rate) * (wanted - level);
      return bytesAtMean * level;
    };
  };

// The only home of chance and time. Everything random is drawn from a seed through named
// sub-streams, so adding a draw in one place shifts no other; every wait goes through a Clock, so
// tests can replace it.

/** A seeded source of numbers. `fork` gives an independent stream that depends on the name only. */
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** One element; the list must not be empty. */
  pick<T>(list: readonly T[]): T;
  fork(name: string): Rng;
  readonly seed: number;
}

/** FNV-1a, 32 bit: turns a name into seed material. */
function hash(text: string, basis: number): number {
  let h = (basis ^ 0x811c9dc5) >>> 0;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return h;
}

/**
 * Mulberry32 (Tommy Ettinger, public domain): 32-bit state, passes gjrand, ample for choosing
 * positions and gaps; never used for secrets.
 */
export function seededRng(seed: number): Rng {
  let state = seed >>> 0;
  const rng: Rng = {
    seed: seed >>> 0,
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
    integer: (low, high) => low + Math.floor(rng.next() * (high - low + 1)),
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('Cannot pick from an empty list.');
      return list[rng.integer(0, list.length - 1)] as T;
    },
    fork: (name) => seededRng(hash(name, rng.seed)),
  };
  return rng;
}

/** A seed for a run that named none; printed and recorded, so the run can be repeated. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 0x7fffffff);
}

/** Time and waiting. `nowMs` is monotonic; `wallTime` is for headers, logs and names. */
export interface Clock {
  nowMs(): number;
  wallTime(): Date;
  /** Calls back once after `delayMs`; the returned function cancels. Does not keep Node alive. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Waits `delayMs`; an aborted signal ends the wait early by rejecting with its reason. */
export function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal?.aborted === true) {
    reject(signal.reason);
    return promise;
  }
  const onAbort = () => {
    clearTimeout(timer);
    reject(signal?.reason);
  };
  const timer = setTimeout(() => {
    signal?.removeEventListener('abort', onAbort);
    resolve();
  }, delayMs);
  signal?.addEventListener('abort', onAbort, { once: true });
  return promise;
}

/** Fails with `message` when `work` has not settled after `limitMs`; every wait has a bound. */
export async function within<T>(limitMs: number, message: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(message)), limitMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

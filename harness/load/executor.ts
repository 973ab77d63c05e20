// What the executors (closed.ts, open.ts) run and report, and the bookkeeping they share. An
// executor knows how many requests may be in flight; it does not know what a request is.

import { within } from '../../injectors/determinism.ts';

export interface Work {
  /** Does request number `seq` and settles when it is over. A rejection stops the load. */
  run(seq: number): Promise<void>;
  /** Ends whatever is still in flight, at once; called when the drain time is over. */
  cut(): void;
}

export interface ExecutorReport {
  readonly startedCount: number;
  readonly finishedCount: number;
  /** Arrivals that found no free place and were given up (k6: dropped_iterations). */
  readonly droppedCount: number;
  /** Still in flight after draining and cutting: the load could not be brought to an end. */
  readonly unfinishedCount: number;
  /** The latest any arrival started after it was due; 0 in the closed model, which has no due. */
  readonly lateMsMax: number;
  readonly elapsedMs: number;
  /** True when a signal ended the load before its time. */
  readonly isStopped: boolean;
}

export interface ExecutorLimits {
  /** How long requests in flight may still take once a signal has ended the load. */
  readonly drainMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** After cutting, sockets are gone within a turn or two; this bounds the wait for their rows. */
const cutMs = 1000;

export interface InFlight {
  readonly count: number;
  readonly startedCount: number;
  readonly finishedCount: number;
  /** The first rejection, which ends the load. */
  readonly failure: unknown;
  start(seq: number): Promise<void>;
  /** Waits for all to end, cuts what does not, and says how many were left even so. */
  drain(drainMs: number): Promise<number>;
}

export function trackInFlight(work: Work): InFlight {
  let count = 0;
  let startedCount = 0;
  let failure: unknown;
  let idle: PromiseWithResolvers<void> | undefined;
  const settles = async (limitMs: number) => {
    if (count === 0) return true;
    idle = Promise.withResolvers<void>();
    const isIdle = idle.promise.then(() => true);
    // The promise itself never rejects, so a rejection is the time limit and nothing else.
    return within(limitMs, 'Requests are still in flight.', isIdle).catch(() => false);
  };
  return {
    get count() {
      return count;
    },
    get startedCount() {
      return startedCount;
    },
    get finishedCount() {
      return startedCount - count;
    },
    get failure() {
      return failure;
    },
    async start(seq) {
      count += 1;
      startedCount += 1;
      try {
        await work.run(seq);
      } catch (error) {
        failure ??= error;
      } finally {
        count -= 1;
        if (count === 0) idle?.resolve();
      }
    },
    async drain(drainMs) {
      if (await settles(drainMs)) return 0;
      work.cut();
      await settles(cutMs);
      return count;
    },
  };
}

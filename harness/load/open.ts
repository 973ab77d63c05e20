// The open model: requests arrive when the pacer says so, whether or not the gateway keeps up.
// An arrival that finds every place taken is dropped and counted, never queued: a queue here
// would be coordinated omission (k6 lib/executor/constant_arrival_rate.go does the same).

import { sleep, systemClock } from '../../injectors/determinism.ts';
import { type ExecutorLimits, type ExecutorReport, trackInFlight, type Work } from './executor.ts';
import type { Pacer } from './pacer.ts';

export interface OpenModel {
  readonly pacer: Pacer;
  /** Requests that may be in flight at once; more arrivals are dropped. */
  readonly maxInFlight: number;
  readonly firstSeq?: number;
}

/** Runs the pacer to its end and waits for the last answers; a signal ends it sooner. */
export async function runOpen(
  model: OpenModel,
  work: Work,
  { drainMs, signal }: ExecutorLimits,
): Promise<ExecutorReport> {
  if (!Number.isSafeInteger(model.maxInFlight) || model.maxInFlight < 1) {
    throw new RangeError(
      `Cannot run with ${model.maxInFlight} requests in flight: give a whole number from 1 up.`,
    );
  }
  const startedMs = systemClock.nowMs();
  const inFlight = trackInFlight(work);
  const firstSeq = model.firstSeq ?? 0;
  let arrivalCount = 0;
  let droppedCount = 0;
  let lateMsMax = 0;
  let isStopped = false;
  while (inFlight.failure === undefined) {
    isStopped = signal?.aborted === true;
    const waitMs = model.pacer(systemClock.nowMs() - startedMs, arrivalCount);
    if (isStopped || waitMs === 'stop') break;
    if (waitMs > 0) {
      // A stop ends the wait by rejecting; the next turn of the loop sees the signal.
      await sleep(waitMs, signal).catch(() => undefined);
      continue;
    }
    const seq = firstSeq + arrivalCount;
    arrivalCount += 1;
    lateMsMax = Math.max(lateMsMax, -waitMs);
    if (inFlight.count < model.maxInFlight) void inFlight.start(seq);
    else droppedCount += 1;
  }
  const unfinishedCount = await inFlight.drain(drainMs);
  if (inFlight.failure !== undefined) throw inFlight.failure;
  return {
    startedCount: inFlight.startedCount,
    finishedCount: inFlight.finishedCount,
    droppedCount,
    unfinishedCount,
    lateMsMax,
    elapsedMs: systemClock.nowMs() - startedMs,
    isStopped,
  };
}

// The closed model: a fixed number of virtual users, each sending its next request when its last
// is over. The total is exact, which is what the leak experiment regresses on; the rate is
// whatever the gateway allows, so latency under this model is no latency under load.

import { systemClock } from '../../injectors/determinism.ts';
import { type ExecutorLimits, type ExecutorReport, trackInFlight, type Work } from './executor.ts';

export interface ClosedModel {
  readonly userCount: number;
  readonly requestCount: number;
  /** Number of the first request; cycles continue where the last one ended. */
  readonly firstSeq?: number;
}

/** Sends exactly `requestCount` requests, then resolves; a signal ends it sooner. */
export async function runClosed(
  model: ClosedModel,
  work: Work,
  { drainMs, signal }: ExecutorLimits,
): Promise<ExecutorReport> {
  requireCounts(model);
  const startedMs = systemClock.nowMs();
  const inFlight = trackInFlight(work);
  const firstSeq = model.firstSeq ?? 0;
  const isOpen = () => signal?.aborted !== true && inFlight.failure === undefined;
  const user = async () => {
    while (isOpen() && inFlight.startedCount < model.requestCount) {
      await inFlight.start(firstSeq + inFlight.startedCount);
    }
  };
  const users = Promise.all(
    Array.from({ length: Math.min(model.userCount, model.requestCount) }, user),
  );
  await untilStopped(users, signal);
  const unfinishedCount = await inFlight.drain(drainMs);
  if (inFlight.failure !== undefined) throw inFlight.failure;
  return {
    startedCount: inFlight.startedCount,
    finishedCount: inFlight.finishedCount,
    droppedCount: 0,
    unfinishedCount,
    lateMsMax: 0,
    elapsedMs: systemClock.nowMs() - startedMs,
    isStopped: inFlight.startedCount < model.requestCount,
  };
}

/** Waits for `work` or for the signal, whichever comes first, and leaves no listener behind. */
async function untilStopped(work: Promise<unknown>, signal: AbortSignal | undefined) {
  if (signal === undefined) return void (await work);
  const { promise, resolve } = Promise.withResolvers<void>();
  const onStop = () => resolve();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', onStop, { once: true });
  await Promise.race([work, promise]);
  signal.removeEventListener('abort', onStop);
}

function requireCounts({ userCount, requestCount }: ClosedModel): void {
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
  if (isCount(userCount) && isCount(requestCount)) return;
  throw new RangeError(
    `Cannot run ${requestCount} requests by ${userCount} users: give whole numbers from 1 up.`,
  );
}

// Takes billing events one by one, oldest first, and hands each to the consumer until it is
// taken. An event leaves the queue only after that, so a failing or stuck consumer delays
// billing but loses nothing.

import { sleep } from '../../../../injectors/determinism.ts';
import type { BillingEvent, BillingQueue } from './queue.ts';

const firstBackoffMs = 50;
const longestBackoffMs = 1_000;

export interface BillingWorker {
  counts(): { readonly billed: number; readonly retries: number };
  /** Waits until the queue is empty or the limit is over, then stops; returns what is left. */
  stop(limitMs: number): Promise<number>;
}

export function startBillingWorker(
  queue: BillingQueue,
  consume: (event: BillingEvent) => Promise<void>,
  onFailure: (event: BillingEvent, error: unknown) => void,
): BillingWorker {
  const stopping = new AbortController();
  let billed = 0;
  let retries = 0;

  async function deliver(event: BillingEvent): Promise<void> {
    let backoffMs = firstBackoffMs;
    while (!stopping.signal.aborted) {
      try {
        await consume(event);
        queue.settle(event);
        billed += 1;
        return;
      } catch (error) {
        retries += 1;
        onFailure(event, error);
        await sleep(backoffMs, stopping.signal).catch(() => undefined);
        backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
      }
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      for (const event of queue.waiting()) {
        await deliver(event);
        if (stopping.signal.aborted) return;
      }
      if (queue.depth() === 0) await queue.nextEvent();
    }
  }

  void work();
  return {
    counts: () => ({ billed, retries }),
    async stop(limitMs) {
      const step = 20;
      for (let waitedMs = 0; queue.depth() > 0 && waitedMs < limitMs; waitedMs += step) {
        await sleep(step);
      }
      stopping.abort();
      return queue.depth();
    },
  };
}

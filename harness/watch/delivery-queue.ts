// Alerts on their way to their receivers: one after the other, so that the end of one does not
// overtake its beginning, and never so many that a slow receiver fills the watcher's memory.

import type { Alert } from './alert.ts';
import type { Receiver } from './receivers.ts';
import type { WatchCounts } from './watch-status.ts';

export interface DeliveryQueue {
  /** `made` may take its time, a diagnosis for instance; alerts behind it wait. */
  push(made: () => Promise<Alert>, to: readonly Receiver[]): void;
  /** Settles when all that was pushed is delivered or given up. */
  settled(): Promise<unknown>;
}

const mostWaiting = 16;

export function deliveryQueue(
  counts: WatchCounts['deliveries'],
  tell: (line: string) => void,
): DeliveryQueue {
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();
  const deliver = async (alert: Alert, receiver: Receiver) => {
    try {
      await receiver.deliver(alert);
      counts[receiver.kind].ok += 1;
    } catch (error) {
      counts[receiver.kind].failed += 1;
      tell(error instanceof Error ? error.message : String(error));
    }
  };
  return {
    push(made, to) {
      if (waiting >= mostWaiting) {
        tell('An alert was dropped: its receivers are too slow.');
        return;
      }
      waiting += 1;
      turn = turn.then(async () => {
        const alert = await made();
        for (const receiver of to) await deliver(alert, receiver);
        waiting -= 1;
      });
    },
    settled: () => turn,
  };
}

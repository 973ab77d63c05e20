// Puts queue, worker and ledger together, and turns refusals into what a client is told.

import type { Logger } from 'pino';
import { within } from '../../../../injectors/determinism.ts';
import { GatewayError } from '../gateway-error.ts';
import { consume } from './consume.ts';
import type { Ledger } from './ledger.ts';
import { type BillingEvent, createBillingQueue, type Reservation } from './queue.ts';
import { startBillingWorker } from './worker.ts';

const retryAfterSeconds = 1;
const closeLimitMs = 1_000;

export interface Billing {
  /** A place in the queue for a request, before its provider is called; throws when refused. */
  reserve(requestId: string, model: string): Reservation;
  counts(): BillingCounts;
  /** Drains for at most `limitMs`, then closes the ledger; returns the events that are left. */
  close(limitMs: number): Promise<readonly BillingEvent[]>;
}

export interface BillingCounts {
  readonly depth: number;
  readonly limit: number;
  readonly accepted: number;
  readonly billed: number;
  readonly retries: number;
  readonly rejected: number;
}

export function startBilling(ledger: Ledger, queueLimit: number, log: Logger): Billing {
  const queue = createBillingQueue(queueLimit);
  const worker = startBillingWorker(
    queue,
    (event) => consume(event, ledger),
    ({ requestId }, error) => log.warn({ err: error, requestId }, 'billing is tried again'),
  );
  let rejected = 0;
  let accepted = 0;
  return {
    reserve(requestId, model) {
      const place = ledger.has(requestId) ? 'duplicate' : queue.reserve(requestId, model);
      if (typeof place !== 'string') {
        return {
          ...place,
          bill(usage) {
            accepted += 1;
            place.bill(usage);
          },
        };
      }
      if (place === 'duplicate') throw duplicate(requestId);
      rejected += 1;
      throw full(queueLimit);
    },
    counts() {
      const { billed, retries } = worker.counts();
      return { depth: queue.depth(), limit: queue.limit, accepted, billed, retries, rejected };
    },
    async close(limitMs) {
      await worker.stop(limitMs);
      const left = [...queue.waiting()];
      // A write that never comes back would hold the end for ever.
      await within(closeLimitMs, 'The ledger does not close.', ledgerClosed(ledger)).catch(
        (error: unknown) => log.warn({ err: error }, 'the ledger was left open'),
      );
      return left;
    },
  };
}

async function ledgerClosed(ledger: Ledger): Promise<void> {
  await ledger.close();
}

const duplicate = (requestId: string) =>
  new GatewayError(
    409,
    'duplicate_request_id',
    `Cannot accept request id "${requestId}": it was used before. Send a new x-request-id.`,
  );

const full = (limit: number) =>
  new GatewayError(
    503,
    'billing_queue_full',
    `Cannot accept the request: ${limit} billable events wait already. Retry later.`,
    retryAfterSeconds,
  );

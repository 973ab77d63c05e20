// The billing consumer: the one place where a billable event becomes a row. It is an export of a
// module of its own, so that a billing stall can be put around it from outside.

import type { Ledger } from './ledger.ts';
import type { BillingEvent } from './queue.ts';

/** Rejects when the row could not be written; the worker then tries again. */
export async function consume(event: BillingEvent, ledger: Ledger): Promise<void> {
  await ledger.record(event);
}

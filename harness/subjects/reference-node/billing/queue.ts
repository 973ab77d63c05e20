// The bounded queue between requests and the billing worker. A request reserves its place before
// the provider is called, so the bound holds for events to come as well, and a full queue costs a
// refusal instead of memory or a lost event. Order is that of arrival.

export interface BillingEvent {
  /** Key of the ledger: one event is billed once, however often it is delivered. */
  readonly requestId: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** True when the provider never told its counts and they were derived from the text. */
  readonly isEstimated: boolean;
}

export type BilledUsage = Omit<BillingEvent, 'requestId' | 'model'>;

/** A place in the queue: filled once with `bill`, or given back with `release`. */
export interface Reservation {
  bill(usage: BilledUsage): void;
  /** Does nothing after `bill`, so it can stand in a `finally`. */
  release(): void;
}

export type Refusal = 'full' | 'duplicate';

export interface BillingQueue {
  /** `limit` 0 means no bound: memory then grows for as long as the worker is stuck. */
  readonly limit: number;
  /** Events that wait for the worker, the one in its hands included. */
  depth(): number;
  reserve(requestId: string, model: string): Reservation | Refusal;
  /** Live: events that are added while it is read are found as well. */
  waiting(): Iterable<BillingEvent>;
  /** Takes out an event that the ledger has. */
  settle(event: BillingEvent): void;
  /** Resolves when the next event is added. */
  nextEvent(): Promise<void>;
}

export function createBillingQueue(limit: number): BillingQueue {
  const reserved = new Set<string>();
  // A Map keeps the order, finds duplicates and deletes in constant time.
  const events = new Map<string, BillingEvent>();
  let added = Promise.withResolvers<void>();

  return {
    limit,
    depth: () => events.size,
    reserve(requestId, model) {
      if (reserved.has(requestId) || events.has(requestId)) return 'duplicate';
      if (limit > 0 && reserved.size + events.size >= limit) return 'full';
      reserved.add(requestId);
      return {
        bill(usage) {
          if (!reserved.delete(requestId)) return;
          events.set(requestId, { requestId, model, ...usage });
          added.resolve();
          added = Promise.withResolvers<void>();
        },
        release: () => void reserved.delete(requestId),
      };
    },
    waiting: () => events.values(),
    settle: ({ requestId }) => void events.delete(requestId),
    nextEvent: () => added.promise,
  };
}

// The gate around consumers that no module exports: listeners of an event, and the processor of a
// BullMQ worker, which is an argument of its constructor.
// Source: https://nodejs.org/docs/latest-v24.x/api/events.html and
// https://docs.bullmq.io/guide/workers

import { EventEmitter } from 'node:events';
import type { BillingGate } from './billing-gate.ts';

type Listener = Parameters<EventEmitter['on']>[1];

/**
 * From now on every listener for `event` is called through the gate, whatever emitter it is added
 * to. `off` finds it all the same: Node compares a listener's own `listener` as well, for `once`.
 */
export function gateListeners(event: string, gate: BillingGate, onFirst: () => void): void {
  const prototype = EventEmitter.prototype;
  for (const name of ['on', 'addListener', 'prependListener', 'once'] as const) {
    const original = prototype[name];
    prototype[name] = function (this: EventEmitter, added, listener) {
      if (added !== event || isGated(listener)) return original.call(this, added, listener);
      onFirst();
      return original.call(this, added, throughGate(listener, gate));
    };
  }
}

const gatedListeners = new WeakSet<Listener>();

/** Node's `once` adds its wrapper by `on`, which must not be gated again. */
function isGated(listener: Listener): boolean {
  const { listener: inner } = listener as { listener?: Listener };
  return gatedListeners.has(listener) || (inner !== undefined && gatedListeners.has(inner));
}

function throughGate(listener: Listener, gate: BillingGate): Listener {
  const gated = Object.assign(gate.wrap(listener), { listener });
  gatedListeners.add(gated);
  return gated;
}

/** Workers of other queues keep the original; a worker's queue is its `name`. */
export function wrapOnlyQueue<T extends (...args: never[]) => unknown>(
  queue: string,
  original: unknown,
  wrapped: T,
): (this: { readonly name: string }, ...args: Parameters<T>) => unknown {
  return function (...args) {
    const chosen = this.name === queue ? wrapped : (original as T);
    return chosen.apply(this, args);
  };
}

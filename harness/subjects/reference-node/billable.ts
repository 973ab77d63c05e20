// One billable request from acceptance to its end: its place in the billing queue, whether its
// client is still there, and the counts. Everything hangs on the request's own response object,
// nothing on anything shared.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Billing } from './billing/billing.ts';
import type { Reservation } from './billing/queue.ts';
import type { ProviderAdapter } from './core.ts';
import type { LeakSockets } from './leak-sockets.ts';
import type { Model, ProviderName } from './models.ts';
import type { RequestCounts } from './prometheus.ts';

export interface Services {
  readonly adapters: Readonly<Record<ProviderName, ProviderAdapter>>;
  readonly billing: Billing;
  readonly leakSockets: LeakSockets;
}

export interface Billable {
  readonly id: string;
  readonly reservation: Reservation;
  isAbandoned(): boolean;
  /** A piece of the answer's text has come. */
  delivered(text: string): void;
  /** True when an abandoned stream is to be cancelled: always, unless a leak was planted. */
  cancelsAbandoned(): boolean;
  /** Calls back once if the client goes away before its answer is finished. */
  onAbandoned(callback: () => void): void;
}

export interface BillableRequests {
  counts(): RequestCounts;
  /** Accepts a request, or throws before any provider is called; releases its place at the end. */
  run<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: { readonly model: Model; readonly prompt: string },
    work: (billable: Billable) => Promise<T>,
  ): Promise<T>;
}

export function trackBillable({ billing, leakSockets }: Services): BillableRequests {
  let active = 0;
  let total = 0;
  let abandoned = 0;
  return {
    counts: () => ({ active, total, abandoned }),
    async run(request, reply, { model, prompt }, work) {
      const reservation = billing.reserve(request.id, model.id);
      active += 1;
      total += 1;
      let isAbandoned = false;
      let callback: (() => void) | undefined;
      const response = reply.raw;
      response.once('close', () => {
        if (response.writableFinished) return;
        isAbandoned = true;
        abandoned += 1;
        if (leakSockets.abandonPolicy() === 'cancel') callback?.();
      });
      leakSockets.accepted({ id: request.id, model: model.id, prompt });
      try {
        return await work({
          id: request.id,
          reservation,
          isAbandoned: () => isAbandoned,
          delivered: (text) => leakSockets.delivered(request.id, text),
          cancelsAbandoned: () => leakSockets.abandonPolicy() === 'cancel',
          onAbandoned(called) {
            callback = called;
            if (isAbandoned && leakSockets.abandonPolicy() === 'cancel') called();
          },
        });
      } finally {
        active -= 1;
        reservation.release();
      }
    },
  };
}

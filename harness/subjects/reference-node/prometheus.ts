// GET /metrics in the Prometheus text format.
// Source: https://prometheus.io/docs/instrumenting/exposition_formats/

import type { BillingCounts } from './billing/billing.ts';

export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

export interface RequestCounts {
  readonly active: number;
  readonly total: number;
  readonly abandoned: number;
}

export function prometheusText(billing: BillingCounts, requests: RequestCounts): string {
  const { rss, heapUsed, external } = process.memoryUsage();
  return [
    metric('billing_queue_depth', 'gauge', 'Billable events not yet in the ledger.', billing.depth),
    metric('billing_queue_limit', 'gauge', 'Bound of the queue; 0 is none.', billing.limit),
    metric('billing_events_total', 'counter', 'Billable events queued.', billing.accepted),
    metric('billing_written_total', 'counter', 'Events the ledger has taken.', billing.billed),
    metric('billing_retries_total', 'counter', 'Consumer calls that failed.', billing.retries),
    metric('billing_rejected_total', 'counter', 'Requests refused with 503.', billing.rejected),
    metric('gateway_requests_active', 'gauge', 'Billable requests in flight.', requests.active),
    metric('gateway_requests_total', 'counter', 'Billable requests accepted.', requests.total),
    metric('gateway_abandoned_total', 'counter', 'Clients that left early.', requests.abandoned),
    metric('process_resident_memory_bytes', 'gauge', 'Resident memory.', rss),
    metric('nodejs_heap_size_used_bytes', 'gauge', 'V8 heap in use.', heapUsed),
    metric('nodejs_external_memory_bytes', 'gauge', 'Memory outside the V8 heap.', external),
  ].join('');
}

function metric(name: string, type: 'gauge' | 'counter', help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
}

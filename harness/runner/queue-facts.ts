// What the gateway itself says of its billing queue on its metrics page: its bound, and how many
// events were written. A gateway without such a page leaves the facts out.

import { request } from 'undici';
import { readMetric } from '../probes/prometheus-text.ts';

export interface QueueFacts {
  readonly limit: number;
  readonly written: number;
}

const answerTimeoutMs = 2_000;

export interface QueueMetrics {
  readonly path?: string;
  readonly queueLimit?: string;
  readonly written?: string;
}

/** `names`: those of a profile, where they are not the reference gateways'. */
export async function readQueueFacts(
  url: string,
  names: QueueMetrics = {},
): Promise<QueueFacts | null> {
  const limits = { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs };
  const page = await request(`${url}${names.path ?? '/metrics'}`, limits)
    .then(({ body }) => body.text())
    // A gateway that went away is noticed by whoever watches its process.
    .catch(() => '');
  const limit = readMetric(page, names.queueLimit ?? 'billing_queue_limit');
  const written = readMetric(page, names.written ?? 'billing_written_total');
  return limit === undefined || written === undefined ? null : { limit, written };
}

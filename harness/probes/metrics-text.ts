// The depth of the gateway's billing queue, from the metrics page that it serves anyway.

import { request } from 'undici';
import type { Subject } from '../subjects/subject.ts';
import type { Probe } from './probe.ts';
import { readMetric } from './prometheus-text.ts';

export interface MetricsTextOptions {
  readonly metric?: string;
  /** Path of the page, on the subject's URL. */
  readonly path?: string;
}

const answerTimeoutMs = 2_000;
/** A page beyond it has labels without bound, and is not worth the subject's time. */
const largestPageBytes = 8 * 1024 * 1024;

export function metricsTextProbe(options: MetricsTextOptions = {}): Probe {
  const { metric = 'billing_queue_depth', path = '/metrics' } = options;
  return {
    name: 'metrics-text',
    needs: [],
    metrics: ['queueDepth'],
    cost: 'one GET of the metrics page per sample',
    async attach(subject) {
      const read = async () => ({ queueDepth: await readDepth(subject, path, metric) });
      await read();
      return { sample: read, level: read, [Symbol.asyncDispose]: async () => {} };
    },
  };
}

async function readDepth(subject: Subject, path: string, metric: string): Promise<number> {
  const url = `${subject.url}${path}`;
  const depth = readMetric(await fetchPage(url), metric);
  if (depth !== undefined) return depth;
  throw new Error(
    `Cannot read the queue depth: ${url} has no metric "${metric}". ` +
      'Export it from the gateway as a gauge, or name the one that it has.',
  );
}

/** A page in Prometheus' text format, bounded. */
export async function fetchPage(url: string): Promise<string> {
  const remedy = 'Serve Prometheus text there, or name the path.';
  try {
    const { statusCode, body } = await request(url, {
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
    });
    if (statusCode !== 200) {
      await body.dump();
      throw new Error(`it answers status ${statusCode}`);
    }
    let text = '';
    for await (const chunk of body.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > largestPageBytes) throw new Error('the page is over 8 MiB');
    }
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot read ${url}: ${why}. ${remedy}`);
  }
}

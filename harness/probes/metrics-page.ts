// What a gateway on another machine tells of itself: the names that Prometheus' client libraries
// agree on, and those of prom-client and client_golang. Memory is what the process has when it is
// asked, garbage included: nobody there collects it for leakbed.
// Source: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics

import type { MetricName } from '../series/metrics.ts';
import { fetchPage } from './metrics-text.ts';
import type { Probe, Reading } from './probe.ts';
import { readMetric } from './prometheus-text.ts';

/** The first name that a page has is taken. */
const words = {
  rssBytes: { names: ['process_resident_memory_bytes'], scale: 1, told: 'resident memory' },
  fdCount: { names: ['process_open_fds'], scale: 1, told: 'open descriptors' },
  handleCount: {
    names: ['nodejs_active_resources_total', 'nodejs_active_handles_total'],
    scale: 1,
    told: 'active handles (Node)',
  },
  taskCount: { names: ['go_goroutines'], scale: 1, told: 'goroutines (Go)' },
  threadCount: { names: ['go_threads', 'process_num_threads'], scale: 1, told: 'threads' },
  cpuMs: { names: ['process_cpu_seconds_total'], scale: 1000, told: 'CPU time' },
} as const satisfies Partial<Record<MetricName, object>>;

const metrics = Object.keys(words) as (keyof typeof words)[];

export const metricsPage: Probe = {
  name: 'metrics-page',
  needs: ['metrics-page'],
  metrics,
  cost: 'one GET of the metrics page per sample and level',
  async attach({ name, metricsUrl = '' }) {
    const first = readWords(await fetchPage(metricsUrl));
    if (first.rssBytes === undefined && first.fdCount === undefined) {
      throw new Error(
        `Cannot measure ${name}: ${metricsUrl} has neither process_resident_memory_bytes nor ` +
          "process_open_fds. Export the default metrics of Prometheus' client library there.",
      );
    }
    const read = async () => readWords(await fetchPage(metricsUrl));
    const absent = metrics.filter((metric) => first[metric] === undefined);
    return {
      missing: missingSentence(name, absent),
      sample: read,
      level: read,
      [Symbol.asyncDispose]: async () => {},
    };
  },
};

function readWords(page: string): Reading {
  const reading: Partial<Record<MetricName, number>> = {};
  for (const metric of metrics) {
    const { names, scale } = words[metric];
    const value = names.map((name) => readMetric(page, name)).find((found) => found !== undefined);
    if (value !== undefined) reading[metric] = value * scale;
  }
  return reading;
}

function missingSentence(name: string, absent: readonly (keyof typeof words)[]): string {
  const page = absent.map((metric) => words[metric].told);
  const lacking = [...page, 'live heap', 'sockets', 'collections'].join(', ');
  return (
    `${name} is known by its metrics page only. Not measured: ${lacking}. Growth of resident ` +
    'memory may be garbage: run leakbed beside the gateway (--pid, --container) to know.'
  );
}

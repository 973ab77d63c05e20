// The probes' readings of the gateway as Prometheus has them: seconds instead of milliseconds,
// and each name of the catalogue in snake case, `rssBytes` as leakbed_gateway_rss_bytes. A
// metric appears with its first reading: what no probe can see is absent, never zero.

import { Gauge, Histogram, type Registry } from 'prom-client';
import { type MetricName, metrics } from '../series/metrics.ts';
import type { Level, Sample } from '../series/sample.ts';

export interface GatewayMetrics {
  sample(scenario: string, row: Sample): void;
  level(scenario: string, row: Level): void;
  /** Forgets the gateway that was: its last readings are not those of the next. */
  clear(): void;
}

/** One collection each, so a distribution; the others are states. */
const pauses = new Set<MetricName>(['gcPauseMs', 'fullGcPauseMs', 'youngGcPauseMs']);
const pauseBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

export function gatewayMetrics(registry: Registry): GatewayMetrics {
  const tell = new Map<string, (scenario: string, value: number) => void>();
  const told = (metric: MetricName, prefix: string, note: string) => {
    const name = `${prefix}${prometheusName(metric)}`;
    const known = tell.get(name);
    if (known !== undefined) return known;
    const fresh = metricFor(registry, metric, name, note);
    tell.set(name, fresh);
    return fresh;
  };
  return {
    sample(scenario, { metric, value }) {
      told(metric, 'leakbed_gateway_', '')(scenario, value);
    },
    level(scenario, { values }) {
      for (const [metric, value] of Object.entries(values)) {
        const name = metric as MetricName;
        if (!pauses.has(name))
          told(name, 'leakbed_gateway_at_rest_', ' (at rest)')(scenario, value);
      }
    },
    clear() {
      for (const key of tell.keys()) registry.getSingleMetric(key)?.reset();
    },
  };
}

function metricFor(registry: Registry, metric: MetricName, name: string, note: string) {
  const { unit, help } = metrics[metric];
  const options = { name, help: `${help}${note}`, labelNames: ['scenario'], registers: [registry] };
  const scale = unit === 'milliseconds' ? 1000 : 1;
  if (pauses.has(metric)) {
    const histogram = new Histogram({ ...options, buckets: pauseBuckets });
    return (scenario: string, value: number) => histogram.observe({ scenario }, value / scale);
  }
  const gauge = new Gauge(options);
  return (scenario: string, value: number) => gauge.set({ scenario }, value / scale);
}

/** `eventLoopDelayMs` as event_loop_delay_seconds. */
export function prometheusName(metric: MetricName): string {
  return metric.replace(/Ms$/, 'Seconds').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

// `GET metrics`: totals and levels of the fakes in the text format of Prometheus. The library is
// loaded with the first scrape, because it takes as long to load as the rest of the server.

import type { Journal } from '../journal.ts';
import type { Tally, TallyRow } from '../tally.ts';
import { addProcessMetrics } from './process-metrics.ts';

export interface MetricsParts {
  readonly journal: Journal;
  readonly tally: Tally;
  /** Streams that wait for their next frame. */
  waitingStreams(): number;
}

export async function metricsText(parts: MetricsParts): Promise<{ type: string; text: string }> {
  const { Counter, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name, help, registers }).set(value);

  for (const { name, help, value } of sums) {
    const sum = counter(name, help, [...keys]);
    for (const row of parts.tally.rows) sum.inc(labelsOf(row), value(row));
  }
  const faults = counter('leakbed_faults_total', 'Requests on which a fault acted.', ['fault']);
  for (const [fault, count] of parts.tally.faults) faults.inc({ fault }, count);

  gauge('leakbed_streams_in_flight', 'Answers under way.', parts.journal.inFlightCount);
  gauge('leakbed_streams_waiting', 'Streams between two events.', parts.waitingStreams());
  addProcessMetrics({ Counter, Gauge }, registry, 'the fakes');
  return { type: registry.contentType, text: await registry.metrics() };
}

const keys = ['provider', 'operation', 'transport', 'ending'] as const;

const sums: readonly { name: string; help: string; value(row: TallyRow): number }[] = [
  {
    name: 'leakbed_requests_total',
    help: 'Requests that ended, by how they ended.',
    value: ({ requests }) => requests,
  },
  { name: 'leakbed_events_sent_total', help: 'Events sent.', value: ({ events }) => events },
  { name: 'leakbed_bytes_sent_total', help: 'Bytes of answers.', value: ({ bytes }) => bytes },
  {
    name: 'leakbed_answer_seconds_total',
    help: 'Time from request to end, summed.',
    value: ({ durationMs }) => durationMs / 1000,
  },
];

function labelsOf({ provider, operation, transport, ending }: TallyRow) {
  return { provider, operation, transport, ending };
}

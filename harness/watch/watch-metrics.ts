// What a watch tells Prometheus; README.md lists it. Read anew for each scrape, so nothing is kept.

import { Counter, Gauge, Registry } from 'prom-client';
import { addProcessMetrics } from '../../mocks/control/process-metrics.ts';
import type { RatePerRequest } from '../verdict.ts';
import { type WatchState, watchRules } from './detector.ts';
import type { WorkUnit } from './target.ts';
import type { WatchStatus } from './watch-status.ts';

const states: readonly WatchState[] = ['learning', 'ok', 'suspicious', 'leaking'];

interface Told {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

interface WatchMetric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly labels?: readonly string[];
  read(status: WatchStatus, unit: WorkUnit): readonly Told[];
}

export function watchRegistry(
  target: { readonly name: string; readonly unit: WorkUnit },
  status: () => WatchStatus,
): Registry {
  const registry = new Registry();
  for (const { name, type, help, labels = [], read } of metrics) {
    const options = { name, help, labelNames: ['target', ...labels], registers: [registry] };
    const rows = () => read(status(), target.unit);
    if (type === 'gauge') {
      new Gauge({
        ...options,
        collect() {
          this.reset();
          for (const row of rows()) this.set({ target: target.name, ...row.labels }, row.value);
        },
      });
    } else {
      new Counter({
        ...options,
        collect() {
          this.reset();
          for (const row of rows()) this.inc({ target: target.name, ...row.labels }, row.value);
        },
      });
    }
  }
  addProcessMetrics({ Counter, Gauge }, registry, 'the watcher');
  return registry;
}

const one = (value: number | null): readonly Told[] => (value === null ? [] : [{ value }]);

const bounds = (rate: RatePerRequest | null, more: Record<string, string> = {}): readonly Told[] =>
  rate === null
    ? []
    : (['estimate', 'low', 'high'] as const)
        .filter((bound) => Number.isFinite(rate[bound]))
        .map((bound) => ({ value: rate[bound], labels: { ...more, bound } }));

const metrics: readonly WatchMetric[] = [
  {
    name: 'leakbed_watch_state',
    type: 'gauge',
    help: '1 for the state it is in.',
    labels: ['state'],
    read: ({ judgement }) =>
      states.map((state) => ({ value: state === judgement.state ? 1 : 0, labels: { state } })),
  },
  {
    name: 'leakbed_watch_up',
    type: 'gauge',
    help: 'Whether the last reading succeeded.',
    read: ({ isUp }) => one(isUp ? 1 : 0),
  },
  {
    name: 'leakbed_watch_memory_bytes',
    type: 'gauge',
    help: 'The last reading.',
    labels: ['channel'],
    read: ({ reading }) =>
      Object.entries(reading?.memory ?? {}).map(([channel, value]) => ({
        value,
        labels: { channel },
      })),
  },
  {
    name: 'leakbed_watch_floor_bytes',
    type: 'gauge',
    help: 'Low of the last window.',
    labels: ['channel'],
    read: ({ reading, judgement: { floorBytes } }) =>
      reading === null || floorBytes === null
        ? []
        : [{ value: floorBytes, labels: { channel: reading.channel } }],
  },
  {
    name: 'leakbed_watch_bytes_per_work',
    type: 'gauge',
    help: 'Growth per unit of work.',
    labels: ['unit', 'bound'],
    read: ({ bytesPerWork }, unit) => bounds(bytesPerWork, { unit }),
  },
  {
    name: 'leakbed_watch_bytes_per_hour',
    type: 'gauge',
    help: 'Growth at the present pace of work.',
    labels: ['bound'],
    read: ({ bytesPerHour }) => bounds(bytesPerHour),
  },
  {
    name: 'leakbed_watch_evidence',
    type: 'gauge',
    help: 'The sequential statistic.',
    read: ({ judgement }) => one(judgement.evidence),
  },
  {
    name: 'leakbed_watch_evidence_threshold',
    type: 'gauge',
    help: 'From there on growth is no chance.',
    read: () => one(watchRules.threshold),
  },
  {
    name: 'leakbed_watch_limit_bytes',
    type: 'gauge',
    help: 'The memory limit.',
    read: ({ limitBytes }) => one(limitBytes),
  },
  {
    name: 'leakbed_watch_seconds_to_limit',
    type: 'gauge',
    help: 'Until growth reaches the limit.',
    labels: ['bound'],
    read: ({ secondsToLimit }) => bounds(secondsToLimit),
  },
  {
    name: 'leakbed_watch_work_total',
    type: 'counter',
    help: 'Work seen, restarts added up.',
    labels: ['unit'],
    read: ({ work }, unit) => [{ value: work, labels: { unit } }],
  },
  {
    name: 'leakbed_watch_restarts_total',
    type: 'counter',
    help: 'How often the target began anew.',
    read: ({ restarts }) => one(restarts),
  },
  {
    name: 'leakbed_watch_readings_total',
    type: 'counter',
    help: 'Readings of the target.',
    labels: ['outcome'],
    read: ({ readings }) =>
      Object.entries(readings).map(([outcome, value]) => ({ value, labels: { outcome } })),
  },
  {
    name: 'leakbed_watch_alerts_total',
    type: 'counter',
    help: 'Alerts raised.',
    read: ({ alertCount }) => one(alertCount),
  },
  {
    name: 'leakbed_watch_deliveries_total',
    type: 'counter',
    help: 'Alerts handed on.',
    labels: ['receiver', 'outcome'],
    read: ({ deliveries }) =>
      Object.entries(deliveries).flatMap(([receiver, counts]) =>
        Object.entries(counts).map(([outcome, value]) => ({
          value,
          labels: { receiver, outcome },
        })),
      ),
  },
];

// The catalogue of what can be measured: one name, unit and role each. Checkers ask for roles, so
// the live heap of V8 and that of CPython answer the same question.

export type Unit = 'bytes' | 'count' | 'milliseconds';

/** What a metric means to a checker, whatever runtime it came from. */
export type Role =
  | 'resident-memory'
  | 'anonymous-memory'
  | 'proportional-memory'
  | 'live-heap'
  | 'external-memory'
  | 'native-memory'
  | 'descriptors'
  | 'sockets'
  | 'handles'
  | 'queue-depth'
  | 'gc-pause'
  | 'cpu-time';

export interface Metric {
  readonly name: string;
  readonly unit: Unit;
  readonly role: Role;
  readonly help: string;
}

const define = <const M extends Readonly<Record<string, Omit<Metric, 'name'>>>>(catalogue: M) =>
  Object.fromEntries(
    Object.entries(catalogue).map(([name, metric]) => [name, { name, ...metric }]),
  ) as unknown as { readonly [K in keyof M]: Metric };

/** Names are what NDJSON records and plots carry. */
export const metrics = define({
  rssBytes: { unit: 'bytes', role: 'resident-memory', help: 'VmRSS of /proc/PID/status' },
  anonBytes: { unit: 'bytes', role: 'anonymous-memory', help: 'RssAnon of /proc/PID/status' },
  pssBytes: { unit: 'bytes', role: 'proportional-memory', help: 'Pss of /proc/PID/smaps_rollup' },
  heapBytes: { unit: 'bytes', role: 'live-heap', help: 'V8 heapUsed after a forced collection' },
  externalBytes: {
    unit: 'bytes',
    role: 'external-memory',
    help: 'V8 external memory (array buffers included) after a forced collection',
  },
  nativeBytes: {
    unit: 'bytes',
    role: 'native-memory',
    help: 'RssAnon less V8 heapTotal and external: native memory and fragmentation',
  },
  fdCount: { unit: 'count', role: 'descriptors', help: 'entries of /proc/PID/fd' },
  socketCount: { unit: 'count', role: 'sockets', help: 'entries of /proc/PID/fd that are sockets' },
  handleCount: {
    unit: 'count',
    role: 'handles',
    help: 'process.getActiveResourcesInfo(): timers, sockets, requests kept alive',
  },
  queueDepth: { unit: 'count', role: 'queue-depth', help: 'billable events not yet written' },
  gcPauseMs: { unit: 'milliseconds', role: 'gc-pause', help: 'duration of one collection' },
  cpuMs: { unit: 'milliseconds', role: 'cpu-time', help: 'user and system time since start' },
});

export type MetricName = keyof typeof metrics;

// The catalogue of what can be measured: one name, unit and role each. Checkers ask for roles, so
// the live heap of V8 and that of CPython answer the same question. Over 250 lines because it is
// one catalogue.

export type Unit = 'bytes' | 'count' | 'milliseconds';

/** What a metric means to a checker, whatever runtime it came from. */
export type Role =
  | 'resident-memory'
  | 'resident-peak'
  | 'anonymous-memory'
  | 'proportional-memory'
  | 'unique-memory'
  | 'live-heap'
  | 'external-memory'
  | 'native-memory'
  | 'descriptors'
  | 'sockets'
  | 'handles'
  | 'queue-depth'
  | 'gc-pause'
  | 'full-gc-pause'
  | 'young-gc-pause'
  | 'live-blocks'
  | 'live-objects'
  | 'heap-committed'
  | 'heap-space'
  | 'handles-by-kind'
  | 'event-loop-delay'
  | 'virtual-memory'
  | 'outbound-sockets'
  | 'promises'
  | 'generators'
  | 'clients'
  | 'elements'
  | 'tasks'
  | 'threads'
  | 'established-sockets'
  | 'close-wait-sockets'
  | 'cgroup-memory'
  | 'cgroup-peak'
  | 'cgroup-limit-hits'
  | 'oom-kills'
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
  peakRssBytes: {
    unit: 'bytes',
    role: 'resident-peak',
    help: 'VmHWM of /proc/PID/status: the highest resident memory since the last level',
  },
  anonBytes: { unit: 'bytes', role: 'anonymous-memory', help: 'RssAnon of /proc/PID/status' },
  vmsBytes: {
    unit: 'bytes',
    role: 'virtual-memory',
    help: 'VmSize of /proc/PID/status: address space, most of it never used',
  },
  pssBytes: { unit: 'bytes', role: 'proportional-memory', help: 'Pss of /proc/PID/smaps_rollup' },
  ussBytes: {
    unit: 'bytes',
    role: 'unique-memory',
    help: 'Private_Clean and Private_Dirty of /proc/PID/smaps_rollup: no other process has it',
  },
  heapBytes: {
    unit: 'bytes',
    role: 'live-heap',
    help: 'V8 heapUsed, or what pymalloc has given out, after a forced collection',
  },
  externalBytes: {
    unit: 'bytes',
    role: 'external-memory',
    help:
      'V8 external memory (array buffers included), or what malloc has given out to CPython and ' +
      'its extensions, after a forced collection',
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
  pythonBlocks: {
    unit: 'count',
    role: 'live-blocks',
    help: 'sys.getallocatedblocks() after a forced collection: objects of up to 512 bytes',
  },
  objectCount: {
    unit: 'count',
    role: 'live-objects',
    help: 'gc.get_objects() after a forced collection: containers that CPython tracks',
  },
  arenaBytes: {
    unit: 'bytes',
    role: 'heap-committed',
    help: 'arenas of pymalloc, used or not; heapBytes is what of them is used',
  },
  tenuredBytes: {
    unit: 'bytes',
    role: 'heap-space',
    help: "used in V8's spaces without the young generation, after a forced collection",
  },
  tenuredCommittedBytes: {
    unit: 'bytes',
    role: 'heap-committed',
    help: "committed for V8's spaces without the young generation, used or not",
  },
  largeObjectBytes: {
    unit: 'bytes',
    role: 'heap-space',
    help: 'used in V8 large-object space: each over half a page, never moved',
  },
  codeSpaceBytes: { unit: 'bytes', role: 'heap-space', help: 'used in V8 code space' },
  newSpaceCommittedBytes: {
    unit: 'bytes',
    role: 'heap-space',
    help: 'committed for V8 new space, which grows with the rate of allocation',
  },
  timerCount: {
    unit: 'count',
    role: 'handles-by-kind',
    help: 'active timers and immediates that keep the process alive',
  },
  streamHandleCount: {
    unit: 'count',
    role: 'handles-by-kind',
    help: 'active TCP, pipe, TTY and UDP handles and listening servers',
  },
  pendingCallCount: {
    unit: 'count',
    role: 'handles-by-kind',
    help: 'calls into the system that are not answered: connects, writes, files, DNS',
  },
  otherHandleCount: {
    unit: 'count',
    role: 'handles-by-kind',
    help: 'active handles of other kinds',
  },
  promiseCount: {
    unit: 'count',
    role: 'promises',
    help: 'living promises after a forced collection, by Runtime.queryObjects',
  },
  generatorCount: {
    unit: 'count',
    role: 'generators',
    help: 'living generators, asynchronous ones included; in Python coroutines too',
  },
  clientCount: {
    unit: 'count',
    role: 'clients',
    help: 'living objects of classes named Client, Session, Channel, Agent, Pool or Connector',
  },
  elementCount: {
    unit: 'count',
    role: 'elements',
    help: 'entries of all living Maps, Sets and Arrays',
  },
  eventLoopDelayMs: {
    unit: 'milliseconds',
    role: 'event-loop-delay',
    help: '99th percentile of how late a timer of 10 ms fires, since the last sample',
  },
  taskCount: { unit: 'count', role: 'tasks', help: 'asyncio tasks that are not done' },
  threadCount: { unit: 'count', role: 'threads', help: 'threads of the process' },
  establishedCount: {
    unit: 'count',
    role: 'established-sockets',
    help: 'TCP sockets in ESTABLISHED, of /proc/PID/net/tcp and tcp6',
  },
  outboundCount: {
    unit: 'count',
    role: 'outbound-sockets',
    help: 'TCP sockets that the gateway opened itself, to providers and sinks, in any state',
  },
  closeWaitCount: {
    unit: 'count',
    role: 'close-wait-sockets',
    help: 'TCP sockets in CLOSE_WAIT: the peer left, the gateway has not closed',
  },
  cgroupBytes: {
    unit: 'bytes',
    role: 'cgroup-memory',
    help: 'memory of the cgroup: memory.current, or memory.usage_in_bytes of v1',
  },
  cgroupPeakBytes: {
    unit: 'bytes',
    role: 'cgroup-peak',
    help: 'its highest so far: memory.peak, or memory.max_usage_in_bytes of v1',
  },
  cgroupLimitHits: {
    unit: 'count',
    role: 'cgroup-limit-hits',
    help: 'times it reached its limit: max of memory.events, or memory.failcnt of v1',
  },
  oomKillCount: {
    unit: 'count',
    role: 'oom-kills',
    help: 'its processes that the kernel killed for memory',
  },
  fullGcPauseMs: {
    unit: 'milliseconds',
    role: 'full-gc-pause',
    help:
      "duration of one collection of the oldest generation (V8's mark-compact, CPython's 2), also " +
      'told as gcPauseMs',
  },
  youngGcPauseMs: {
    unit: 'milliseconds',
    role: 'young-gc-pause',
    help:
      "duration of one collection of the youngest generation (V8's scavenge, CPython's 0), also " +
      'told as gcPauseMs',
  },
  gcPauseMs: { unit: 'milliseconds', role: 'gc-pause', help: 'duration of one collection' },
  cpuMs: { unit: 'milliseconds', role: 'cpu-time', help: 'user and system time since start' },
});

export type MetricName = keyof typeof metrics;

/**
 * How much of the memory a runtime took from the system serves nothing, after a collection:
 *
 *   heap      (committed - used) / committed      V8's spaces without the young generation, which
 *                                                 is empty by design; pymalloc's arenas
 *   process   native remainder / RssAnon          what neither heap nor external explains
 *
 * Null where one side was not measured. The remainder also holds native memory that is in use.
 */
export function fragmentation(values: Readonly<Partial<Record<MetricName, number>>>): {
  readonly heapShare: number | null;
  readonly nativeShare: number | null;
} {
  const { nativeBytes, anonBytes } = values;
  const committed = values.tenuredCommittedBytes ?? values.arenaBytes;
  const used = values.tenuredBytes ?? values.heapBytes;
  const share = (part: number | undefined, whole: number | undefined) =>
    part === undefined || whole === undefined || whole <= 0 ? null : Math.max(0, part) / whole;
  const free = committed === undefined || used === undefined ? undefined : committed - used;
  return { heapShare: share(free, committed), nativeShare: share(nativeBytes, anonBytes) };
}

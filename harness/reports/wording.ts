// The words reports share: names of metrics for people, and the verdict as one sentence.

import { stripVTControlCharacters } from 'node:util';
import { type MetricName, metrics } from '../series/metrics.ts';
import type { Finding, ResourceFinding, Verdict } from '../verdict.ts';
import { absent, writeRate, writeValue } from './numbers.ts';

export const metricLabels: Readonly<Record<MetricName, string>> = {
  rssBytes: 'RSS',
  peakRssBytes: 'peak of resident memory',
  anonBytes: 'anonymous memory',
  vmsBytes: 'virtual memory',
  pssBytes: 'PSS',
  ussBytes: 'USS',
  heapBytes: 'live heap after GC',
  externalBytes: 'external memory after GC',
  nativeBytes: 'native memory',
  fdCount: 'file descriptors',
  socketCount: 'sockets',
  handleCount: 'active handles',
  tenuredBytes: 'heap without the young generation',
  tenuredCommittedBytes: 'committed heap without the young generation',
  largeObjectBytes: 'large objects',
  codeSpaceBytes: 'code space',
  newSpaceCommittedBytes: 'committed new space',
  timerCount: 'active timers',
  streamHandleCount: 'active streams and servers',
  pendingCallCount: 'pending system calls',
  otherHandleCount: 'other handles',
  promiseCount: 'living promises',
  generatorCount: 'living generators',
  clientCount: 'living clients, sessions and pools',
  elementCount: 'elements of collections',
  eventLoopDelayMs: 'event-loop delay p99',
  queueDepth: 'billing queue depth',
  pythonBlocks: 'live blocks of Python',
  objectCount: 'live objects of Python',
  arenaBytes: 'arenas of Python',
  taskCount: 'asyncio tasks',
  threadCount: 'threads',
  establishedCount: 'established connections',
  closeWaitCount: 'connections in CLOSE_WAIT',
  outboundCount: 'connections it opened',
  cgroupBytes: 'memory of the cgroup',
  cgroupPeakBytes: 'peak of the cgroup',
  cgroupLimitHits: 'hits of the memory limit',
  oomKillCount: 'kills for memory',
  gcPauseMs: 'GC pause',
  fullGcPauseMs: 'full GC pause',
  youngGcPauseMs: 'young GC pause',
  cpuMs: 'CPU time',
};

const findingNames = {
  leak: 'Leak',
  bounded: 'Bounded',
  clean: 'Clean',
  undecided: 'Undecided',
} as const satisfies Readonly<Record<Finding, string>>;

/** When nothing leaks, the resolution that matters most is that of the most exact memory metric. */
const exactFirst: readonly MetricName[] = ['heapBytes', 'externalBytes', 'anonBytes', 'rssBytes'];

/** The resource a verdict's headline figures are about. */
export function principalResource(verdict: Verdict): ResourceFinding | null {
  const names = verdict.resource === null ? exactFirst : [verdict.resource];
  for (const name of names) {
    const found = verdict.resources.find((resource) => resource.metric === name);
    if (found !== undefined) return found;
  }
  return verdict.resource === null ? (verdict.resources[0] ?? null) : null;
}

/** Whether growth was looked into at all: some scenarios ask other questions. */
export function isAboutGrowth({ finding, resources }: Verdict): boolean {
  return finding !== 'undecided' || resources.length > 0;
}

/** The finding, where there was one to make. */
export function findingWord(verdict: Verdict): string {
  return isAboutGrowth(verdict) ? verdict.finding : absent;
}

/** `Leak: the live heap after GC keeps 1024 B [1023.1, 1025.6] of each request.` */
export function verdictSentence(verdict: Verdict): string {
  const resource = principalResource(verdict);
  if (!isAboutGrowth(verdict)) return verdict.reason;
  if (resource === null) return `${findingNames[verdict.finding]}: ${verdict.reason}`;
  const { unit } = metrics[resource.metric];
  const label = metricLabels[resource.metric];
  const confidence = resource.perRequest?.confidence ?? 0;
  const sure = confidence > 0 ? ` (${Math.round(confidence * 1000) / 10} % interval)` : '';
  const rate = `${writeRate(resource.perRequest, unit)}${sure}`;
  const seen =
    resource.resolution === null
      ? 'how small a leak this run could have seen is not known'
      : `a leak of ${writeValue(resource.resolution, unit)} per request would have been seen`;
  switch (verdict.finding) {
    case 'leak':
      return resource.perRequest === null
        ? `Leak: ${label} grows with work and does not come back.`
        : `Leak: ${label} grows by ${rate} with each request and does not come back.`;
    case 'bounded':
      return `Bounded: ${label} grew, and then came back or stopped growing.`;
    case 'clean':
      return `Clean: nothing grows with work; ${seen} (${label}).`;
    case 'undecided':
      return `Undecided: the run does not show whether the gateway leaks; for ${label}, ${seen}.`;
    default:
      return verdict.finding satisfies never;
  }
}

/**
 * What a reader should see first, and what goes below. A run may fail although nothing leaks
 * (errors, a lost billing event): then that comes first, lest "Clean" stand beside "fail".
 */
export function headline(verdict: Verdict): readonly [first: string, second: string] {
  const { outcome, finding, reason } = verdict;
  if (!isAboutGrowth(verdict)) return [reason, ''];
  const sentence = verdictSentence(verdict);
  const isAboutMemory =
    outcome === 'pass' ||
    (outcome === 'fail' && finding === 'leak') ||
    (outcome === 'inconclusive' && finding === 'undecided');
  return isAboutMemory ? [sentence, reason] : [reason, sentence];
}

/** Control characters could move a terminal's cursor or break XML; texts here come from outside. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, '\uFFFD');
}

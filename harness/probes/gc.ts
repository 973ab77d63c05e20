// Garbage-collection pauses of a Node process: an observer is put into it through the inspector,
// writes into a ring there, and is drained with every sample. Pauses that leakbed forced are left
// out. Removed when the probe is disposed, or a minute after leakbed vanished.

import { constants } from 'node:perf_hooks';

import type { MetricName } from '../series/metrics.ts';
import type { Subject } from '../subjects/subject.ts';
import { installGcRing } from './agents/gc-ring.ts';
import { wasForced } from './forced-collections.ts';
import { connectTo } from './inspector.ts';
import type { InspectorClient } from './inspector-client.ts';
import { type InstalledAgent, installAgent } from './installed-agent.ts';
import type { AttachedProbe, Probe } from './probe.ts';
import { readTargetClock, type TargetClock } from './target-clock.ts';

/** 96 KiB in the target: seconds of the busiest young-generation collecting between two samples. */
const ringSize = 4_096;
const forgottenMs = 60_000;
/** Held here until drained; the newest stay. */
const keptEvents = 65_536;

export const gc: Probe = {
  name: 'gc',
  needs: ['inspector'],
  metrics: ['gcPauseMs', 'youngGcPauseMs', 'fullGcPauseMs'],
  cost: 'a few µs per collection and about 0.2 ms per sample; 96 KiB in the target',
  async attach(subject, nowMs) {
    const client = await connectTo(subject, 'gc');
    try {
      const clock = await readTargetClock(client, nowMs);
      const ring = await installAgent(client, installGcRing, [ringSize, forgottenMs]);
      return attached(client, ring, subject, clock);
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  },
};

/** Steps of incremental marking and weak callbacks are of no generation. */
const metricOfKind: Readonly<Record<number, MetricName>> = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'youngGcPauseMs',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'fullGcPauseMs',
};

type Event = { readonly metric: MetricName; readonly timeMs: number; readonly value: number };

function attached(
  client: InspectorClient,
  ring: InstalledAgent,
  subject: Subject,
  clock: TargetClock,
): AttachedProbe {
  const events: Event[] = [];
  const collect = async () => {
    const noted = await ring.call('drain');
    if (!Array.isArray(noted)) return {};
    for (let at = 0; at + 2 < noted.length; at += 3) {
      const timeMs = Number(noted[at]) + clock.offsetMs;
      if (wasForced(subject, timeMs, clock.errorMs + 1)) continue;
      const value = Number(noted[at + 1]);
      events.push({ metric: 'gcPauseMs', timeMs, value });
      const metric = metricOfKind[Number(noted[at + 2])];
      if (metric !== undefined) events.push({ metric, timeMs, value });
    }
    if (events.length > keptEvents) events.splice(0, events.length - keptEvents);
    return {};
  };
  return {
    sample: collect,
    level: collect,
    drainEvents: () => events.splice(0),
    async [Symbol.asyncDispose]() {
      // A target that ended took its observer along.
      await ring.call('stop').catch(() => {});
      await client[Symbol.asyncDispose]();
    },
  };
}

// What CPython knows about its memory, told by the agent in a Python gateway that leakbed started
// (agents/python/). Levels follow a full collection; a sample only fetches the pauses of the
// gateway's own collections since the last one.

import type { MetricName } from '../series/metrics.ts';
import type { AttachedProbe, Probe, Reading } from './probe.ts';
import { connectToPython, type PythonAnswer, type PythonClient } from './python-client.ts';

/** Some 100 ms per million objects, and ten times as much on a machine that is busy. */
const collectLimitMs = 30_000;
/** Held here until drained; the newest stay. */
const keptEvents = 65_536;
const pauseMetrics = ['gcPauseMs', 'youngGcPauseMs', 'fullGcPauseMs'] as const;
/** Of generation 1 only the pause itself is told. */
const metricOfGeneration: Readonly<Record<number, MetricName>> = {
  0: 'youngGcPauseMs',
  2: 'fullGcPauseMs',
};

/** The agent's words for what it read at rest; what it could not read is null there. */
const words = {
  heapBytes: 'smallBytes',
  externalBytes: 'largeBytes',
  arenaBytes: 'arenaBytes',
  pythonBlocks: 'blocks',
  objectCount: 'objects',
  taskCount: 'tasks',
  generatorCount: 'generators',
  clientCount: 'clients',
} as const satisfies Partial<Record<MetricName, string>>;

export const python: Probe = {
  name: 'python',
  needs: ['python-agent'],
  metrics: [...(Object.keys(words) as (keyof typeof words)[]), ...pauseMetrics],
  cost: 'about 1 µs per collection and 0.1 ms per sample; at rest a full collection: 3 ms at 12,000 objects, 120 ms at a million',
  async attach(subject, nowMs) {
    const client = connectToPython(subject, 'python');
    try {
      // Tells that the agent answers, and leaves out what was collected before.
      await client.ask({ do: 'sample' });
      return attached(client, nowMs);
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  },
};

type Event = { readonly metric: MetricName; readonly timeMs: number; readonly value: number };

function attached(client: PythonClient, nowMs: () => number): AttachedProbe {
  const events: Event[] = [];
  return {
    async sample() {
      const before = nowMs();
      const answer = await client.ask({ do: 'sample' });
      const offsetMs = (before + nowMs()) / 2 - Number(answer.nowMs);
      events.push(...pausesOf(answer, offsetMs));
      if (events.length > keptEvents) events.splice(0, events.length - keptEvents);
      return {};
    },
    level: async () => readingOf(await client.ask({ do: 'level' }, collectLimitMs)),
    reclaim: async () => void (await client.ask({ do: 'reclaim' }, collectLimitMs)),
    drainEvents: () => events.splice(0),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

function readingOf(answer: PythonAnswer): Reading {
  const entries = Object.entries(words).map(([metric, word]) => [metric, answer[word]]);
  return Object.fromEntries(entries.filter(([, value]) => typeof value === 'number'));
}

function pausesOf({ pauses }: PythonAnswer, offsetMs: number): Event[] {
  if (!Array.isArray(pauses)) return [];
  return pauses.flatMap(([endMs, value, generation]: [number, number, number]) => {
    const timeMs = endMs - value + offsetMs;
    const pause = { metric: 'gcPauseMs', timeMs, value } as const;
    const metric = metricOfGeneration[generation];
    return metric === undefined ? pause : [pause, { ...pause, metric }];
  });
}

// What is to be found out about each small app, as data: of a leak the channels one of which must
// convict it, the kinds of requests that set it off, and its rate where that is known; of an
// innocent only that it is one.

import type { MetricName } from '../../harness/series/metrics.ts';
import { plantedLeaks } from './planted.ts';

export type Trigger = 'request' | 'new key' | 'error' | 'abort' | 'time';

/** The kinds of `request-kinds` that a trigger belongs to; null: growth with time has none. */
export const kindsOf: Readonly<Record<Trigger, readonly string[] | null>> = {
  request: ['aborted', 'failing', 'known', 'new'],
  'new key': ['new'],
  error: ['failing'],
  abort: ['aborted'],
  time: null,
};

export interface CorpusLeak {
  /** File in apps/. */
  readonly file: string;
  readonly kind: string;
  readonly channels: readonly MetricName[];
  readonly trigger: Trigger;
  /** Of the first channel, per request. */
  readonly rate?: number;
}

const leak = (
  file: string,
  kind: string,
  channels: readonly MetricName[],
  more: Partial<CorpusLeak> = {},
): CorpusLeak => ({ file, kind, channels, trigger: 'request', ...more });

/** What keeps arrays shows in their elements as well. */
const heap = ['heapBytes', 'elementCount'] as const;
/** A container of numbers takes memory in steps; which of the two shows first is chance. */
const elements = ['elementCount', 'heapBytes'] as const;
const external = ['externalBytes'] as const;
const native = ['nativeBytes', 'anonBytes'] as const;
const sockets = ['socketCount', 'fdCount'] as const;
const one25th = 1 / 25;

/** Those whose function and variable are known as well keep their bytes in V8's heap, but for: */
const otherChannels: Readonly<Record<string, Partial<CorpusLeak>>> = {
  'number-set.mjs': { channels: elements },
  'numbers.mjs': { channels: elements },
  'buffer.mjs': { channels: external, rate: 4_096 },
  'stream.mjs': { channels: ['externalBytes', 'heapBytes'] },
};

export const corpusLeaks: readonly CorpusLeak[] = [
  ...plantedLeaks.map(({ file, kind }) => leak(file, kind, heap, otherChannels[file])),
  leak('number-map.mjs', 'Map of numbers', elements),
  leak('rope.mjs', 'string that grows', heap),
  leak('typed-array.mjs', 'typed arrays', external, { rate: 1_024 }),
  leak('symbol.mjs', 'registered symbols', heap),
  leak('signal.mjs', 'abort listeners', heap),
  leak('marks.mjs', 'performance marks', heap),
  leak('modules.mjs', 'imported modules', heap),
  leak('slice.mjs', 'slices of buffers', external, { rate: 16_384 }),
  leak('environment.mjs', 'environment', native),
  leak('mailbox.mjs', 'unread messages', native),
  leak('descriptor.mjs', 'descriptors alone', ['fdCount'], { rate: one25th }),
  leak('connection.mjs', 'connections', sockets, { rate: 2 * one25th }),
  leak('interval.mjs', 'clocks', ['handleCount'], { rate: 1 }),
  leak('watcher.mjs', 'file watchers', ['handleCount'], { rate: 0.1 }),
  leak('worker.mjs', 'threads', ['threadCount', 'handleCount', 'fdCount'], { rate: 1 / 200 }),
  leak('poller.mjs', 'poller', heap, { trigger: 'time' }),
  leak('clock-buffer.mjs', 'sampler of buffers', external, { trigger: 'time' }),
  leak('reconnect.mjs', 'connections with time', sockets, { trigger: 'time' }),
  leak('slow-clock.mjs', 'slow history', heap, { trigger: 'time' }),
  leak('failed-context.mjs', 'contexts of failures', heap, { trigger: 'error' }),
  leak('failed-file.mjs', 'descriptors of failures', ['fdCount'], { trigger: 'error' }),
  leak('retry-timer.mjs', 'retries of failures', ['handleCount'], { trigger: 'error' }),
  leak('abandoned.mjs', 'places of clients that left', heap, { trigger: 'abort' }),
  leak('abandoned-buffer.mjs', 'buffers of clients that left', external, { trigger: 'abort' }),
  leak('tenants.mjs', 'counters by key', heap, { trigger: 'new key' }),
  leak('memo.mjs', 'promises by key', ['externalBytes', 'heapBytes'], { trigger: 'new key' }),
];

const innocent = (name: string) => `../innocents/${name}`;

/** Each as the argument of app.mjs. */
export const innocents: readonly string[] = [
  'none.mjs',
  innocent('batches.mjs'),
  innocent('buffer-pool.mjs'),
  innocent('compiled.mjs'),
  innocent('connection-pool.mjs'),
  innocent('debounce.mjs'),
  innocent('files.mjs'),
  innocent('filling-cache.mjs'),
  innocent('finalizers.mjs'),
  innocent('formatters.mjs'),
  innocent('fragmentation.mjs'),
  innocent('garbage.mjs'),
  innocent('histogram.mjs'),
  innocent('large-cache.mjs'),
  innocent('last-errors.mjs'),
  innocent('late-release.mjs'),
  innocent('lru-cache.mjs'),
  innocent('once.mjs'),
  innocent('recycled-worker.mjs'),
  innocent('ring-log.mjs'),
  innocent('sessions.mjs'),
  innocent('shapes.mjs'),
  innocent('signals.mjs'),
  innocent('tracing.mjs'),
  innocent('ttl-long.mjs'),
  innocent('ttl-sweep.mjs'),
  innocent('vocabulary.mjs'),
  innocent('weak-cache.mjs'),
  innocent('weak-map.mjs'),
];

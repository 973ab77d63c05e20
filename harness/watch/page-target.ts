// A target known by its Prometheus page only, on whatever machine. Memory and the start of the
// process have the names that Prometheus' client libraries agree on; requests are counted by the
// first name that is there, else by the one that the user gave, else CPU time stands for them.

import { fetchPage } from '../probes/metrics-text.ts';
import { readMetric } from '../probes/prometheus-text.ts';
import type { Memory, Target, TargetReading, WorkUnit } from './target.ts';

export interface PageOptions {
  readonly url: string;
  readonly name?: string | undefined;
  /** The counter of requests, where it has none of the usual names. */
  readonly requestsMetric?: string | undefined;
}

/** As express, fastify, FastAPI, Go's and Java's middlewares, LiteLLM and the references say it. */
const requestNames = [
  'http_requests_total',
  'http_request_duration_seconds_count',
  'http_server_requests_seconds_count',
  'http_server_request_duration_seconds_count',
  'litellm_proxy_total_requests_metric_total',
  'gateway_requests_total',
  'requests_total',
] as const;

const memoryNames = {
  rss: ['process_resident_memory_bytes'],
  heap: ['nodejs_heap_size_used_bytes', 'go_memstats_heap_inuse_bytes', 'jvm_memory_used_bytes'],
} as const satisfies Partial<Record<keyof Memory, readonly string[]>>;

export interface RequestCounter {
  readonly unit: WorkUnit;
  countIn(page: string): number | undefined;
}

/** Rejects when the page has nothing to watch. */
export async function openPageTarget(options: PageOptions): Promise<Target> {
  const { url } = options;
  const counter = requestCounter(await fetchPage(url), options);
  const read = async () => readingOf(await fetchPage(url), url, counter);
  await read();
  return {
    name: options.name ?? new URL(url).host,
    unit: counter.unit,
    read,
    limitBytes: () => null,
    open: () => Promise.reject(new Error(`Cannot look into ${url}: only its page is known.`)),
    [Symbol.asyncDispose]: async () => {},
  };
}

export function requestCounter(
  page: string,
  { url, requestsMetric }: Pick<PageOptions, 'url' | 'requestsMetric'>,
): RequestCounter {
  const names = requestsMetric === undefined ? requestNames : [requestsMetric];
  const found = names.find((name) => readMetric(page, name) !== undefined);
  if (found !== undefined) return { unit: 'requests', countIn: (text) => readMetric(text, found) };
  if (requestsMetric !== undefined) {
    throw new Error(
      `Cannot count requests: ${url} has no metric "${requestsMetric}". Name a counter that it has.`,
    );
  }
  return {
    unit: 'cpu_ms',
    countIn(text) {
      const seconds = readMetric(text, 'process_cpu_seconds_total');
      return seconds === undefined ? undefined : seconds * 1000;
    },
  };
}

function readingOf(page: string, url: string, counter: RequestCounter): TargetReading {
  const first = (names: readonly string[]) =>
    names.map((name) => readMetric(page, name)).find((value) => value !== undefined);
  const [rss, heap] = [first(memoryNames.rss), first(memoryNames.heap)];
  const work = counter.countIn(page);
  if (rss === undefined || work === undefined) {
    const lacking = rss === undefined ? 'process_resident_memory_bytes' : 'a counter of requests';
    throw new Error(
      `Cannot watch ${url}: it has no ${lacking}. Export the default metrics of Prometheus' ` +
        'client library there, or name a counter by --requests-metric.',
    );
  }
  return {
    life: String(readMetric(page, 'process_start_time_seconds') ?? 'unknown'),
    memory: { rss, ...(heap !== undefined && { heap }) },
    channel: 'rss',
    work,
  };
}

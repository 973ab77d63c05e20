// What a process of leakbed tells of itself to Prometheus, under the names that its client
// libraries give such figures: memory, descriptors, processor time. Read anew for each scrape.

import { readdirSync } from 'node:fs';
import type { Registry } from 'prom-client';

type Library = typeof import('prom-client');

/** `what` names the process in the help texts: "the fakes". */
export function addProcessMetrics(
  { Counter, Gauge }: Pick<Library, 'Counter' | 'Gauge'>,
  registry: Registry,
  what: string,
): void {
  const registers = [registry];
  for (const { name, help, value } of levels) {
    new Gauge({
      name,
      help: `${help} of ${what}.`,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
  new Counter({
    name: 'process_cpu_seconds_total',
    help: `CPU time, user and system, of ${what}.`,
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
}

const levels: readonly { name: string; help: string; value(): number }[] = [
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory',
    value: () => process.memoryUsage.rss(),
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    help: 'Used heap, garbage included,',
    value: () => process.memoryUsage().heapUsed,
  },
  {
    name: 'nodejs_external_memory_bytes',
    help: 'Buffers and other memory of V8 objects',
    value: () => process.memoryUsage().external,
  },
  {
    name: 'process_open_fds',
    help: 'Open file descriptors',
    value: () => readdirSync('/proc/self/fd').length,
  },
];

// Ten and twenty thousand streams that send one event a second: what each costs in memory and all
// of them in CPU, and how late their events are. A server of its own for every row.

import { quantile } from '../../../harness/stats/quantile.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import type { Bench, Figure } from './bench.ts';
import { startMocksServer } from './server-process.ts';
import { openSlowStreams } from './slow-readers.ts';

interface Row {
  readonly name: string;
  readonly count: number;
  /** On one connection; 0 is HTTP/1.1. */
  readonly streamsEach: number;
  /** Bars of the row; absent: it is measured for what the others are compared with. */
  readonly kibEach?: number;
  readonly isTimed?: boolean;
}

const rows: readonly Row[] = [
  { name: 'HTTP/1.1', count: 10_000, streamsEach: 0, kibEach: 14, isTimed: true },
  { name: 'HTTP/2, 50 to a session', count: 1000, streamsEach: 50 },
  { name: 'HTTP/2, 50 to a session', count: 10_000, streamsEach: 50, kibEach: 10, isTimed: true },
  { name: 'HTTP/2, 50 to a session', count: 20_000, streamsEach: 50 },
  { name: 'HTTP/2, 1 to a session', count: 10_000, streamsEach: 1, kibEach: 30, isTimed: true },
];

export const slowStreams: Bench = {
  name: 'slow-streams',
  what: 'thousands of streams with an event a second: memory, CPU, lateness',
  isQuick: false,
  async *run({ scale, note }) {
    const windowMs = scale === 'quick' ? 3000 : 10_000;
    const share = scale === 'quick' ? 0.1 : 1;
    const each = new Map<number, number>();
    for (const row of rows) {
      const count = row.count * share;
      const { kibEach, cores, lateMs, errors } = await measure({ ...row, count }, windowMs);
      if (row.streamsEach === 50) each.set(row.count, kibEach);
      const name = `${row.name}, ${count} streams`;
      const late = (q: number) => quantile(lateMs, q) ?? Number.NaN;
      note(
        `${name}: ${kibEach.toFixed(1)} KiB each, ${cores.toFixed(2)} cores, late p50 ` +
          `${late(0.5).toFixed(1)} ms, p99 ${late(0.99).toFixed(1)} ms`,
      );
      yield figure(`${name}: errors`, 'errors', 0, errors);
      if (row.kibEach !== undefined) yield figure(`${name}: RSS each`, 'KiB', row.kibEach, kibEach);
      if (row.isTimed !== true) continue;
      yield figure(`${name}: CPU`, 'cores', 0.5, cores);
      yield figure(`${name}: lateness p99`, 'ms', 10, late(0.99));
    }
    const [few, many] = [each.get(1000), each.get(20_000)];
    if (few === undefined || many === undefined) return;
    yield figure('HTTP/2: RSS each, 20,000 streams against 1,000', '×', 1.2, many / few);
  },
};

function figure(name: string, unit: string, atMost: number, value: number): Figure {
  return { name, unit, baseline: '', bar: { atMost }, samples: [value] };
}

async function measure({ count, streamsEach }: Row, windowMs: number) {
  await using server = await startMocksServer();
  // What is compiled and loaded on the first requests belongs to no stream.
  const first = await openSlowStreams(server, 50, streamsEach);
  await sleep(1000);
  first.close();
  await sleep(500);
  const before = server.rssBytes();
  const readers = await openSlowStreams(server, count, streamsEach);
  // The first events come with the start of their streams, which takes its time.
  await sleep(3000);
  readers.takeLatenessMs();
  const startedMs = systemClock.nowMs();
  const startedCpuMs = server.cpuMs();
  await sleep(windowMs);
  const cores = (server.cpuMs() - startedCpuMs) / (systemClock.nowMs() - startedMs);
  const kibEach = (server.rssBytes() - before) / count / 1024;
  const lateMs = readers.takeLatenessMs();
  readers.close();
  // A second of events that did not come would be no lateness.
  const expected = (count * windowMs) / 1000;
  if (lateMs.length < expected * 0.8) throw new Error(`${lateMs.length} of ${expected} events.`);
  return { kibEach, cores, lateMs, errors: readers.errorCount };
}

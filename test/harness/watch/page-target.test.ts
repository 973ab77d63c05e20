import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'tap';
import { openPageTarget } from '../../../harness/watch/page-target.ts';

/** A page of metrics that a test may change. */
async function serve(t: { teardown(end: () => unknown): void }, lines: () => readonly string[]) {
  const server = createServer((_, response) => response.end(`${lines().join('\n')}\n`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

const process = [
  'process_resident_memory_bytes 1000000',
  'process_start_time_seconds 1700000000',
  'process_cpu_seconds_total 2.5',
];

test('requests are counted by a usual name, over all labels', async (t) => {
  const counted = ['http_requests_total{code="200"} 40', 'http_requests_total{code="500"} 2'];
  const url = await serve(t, () => [...process, ...counted, 'nodejs_heap_size_used_bytes 600000']);
  await using target = await openPageTarget({ url });
  t.equal(target.unit, 'requests');
  t.strictSame(await target.read(), {
    life: '1700000000',
    memory: { rss: 1_000_000, heap: 600_000 },
    channel: 'rss',
    work: 42,
  });
});

test('without a counter CPU time stands for requests', async (t) => {
  const url = await serve(t, () => process);
  await using target = await openPageTarget({ url });
  t.equal(target.unit, 'cpu_ms');
  t.equal((await target.read()).work, 2500);
});

test('a counter of any name can be given, and must be there', async (t) => {
  const url = await serve(t, () => [...process, 'my_calls 7']);
  await using target = await openPageTarget({ url, requestsMetric: 'my_calls' });
  t.equal((await target.read()).work, 7);
  await t.rejects(openPageTarget({ url, requestsMetric: 'others' }), /has no metric "others"/);
});

test('a page without memory cannot be watched, and the reason says what to export', async (t) => {
  const url = await serve(t, () => ['http_requests_total 1']);
  await t.rejects(openPageTarget({ url }), /has no process_resident_memory_bytes/);
});

test('a page that goes away rejects, and is read again when it is back', async (t) => {
  let shown: readonly string[] = process;
  const url = await serve(t, () => shown);
  await using target = await openPageTarget({ url });
  shown = [];
  await t.rejects(target.read(), /Cannot watch/);
  shown = process;
  t.equal((await target.read()).work, 2500);
});

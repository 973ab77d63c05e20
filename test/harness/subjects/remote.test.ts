// A gateway of which only a metrics page is known: what prom-client tells of a real process, what a
// page in client_golang's words tells, and what either lacks.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Test, test } from 'tap';
import { smokeExperiment } from '../../../harness/checkers/experiment-options.ts';
import { chosenGateway } from '../../../harness/cli/run-options.ts';
import { metricsPage } from '../../../harness/probes/metrics-page.ts';
import { attachRemote } from '../../../harness/subjects/remote.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { buildLevels, flat, leakOneIn, pool, runExperiment, white } from '../../fixtures/levels.ts';

const { nowMs } = systemClock;

/** Serves the page that `tell` makes, as a gateway's own process would. */
async function servePage(t: Test, tell: () => string | Promise<string>): Promise<string> {
  const server = createServer(async (_request, response) => void response.end(await tell()));
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('memory, descriptors and handles are read off the page of prom-client', async (t) => {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const url = await servePage(t, () => register.metrics());
  const subject = attachRemote({ url, metricsUrl: `${url}/metrics` });
  t.equal(subject.pid, null);
  const probe = await metricsPage.attach(subject, nowMs);
  const { rssBytes = 0, fdCount = 0, cpuMs = 0 } = await probe.level();
  const told = process.memoryUsage.rss();
  t.ok(Math.abs(rssBytes - told) < 0.2 * told, `${rssBytes} of ${told}`);
  t.ok(fdCount > 3 && cpuMs > 0);
  t.match(probe.missing, /Not measured: goroutines \(Go\), threads, live heap, sockets/);
});

test('goroutines and threads are read off a Go page, and what Node has is missing', async (t) => {
  const page =
    'process_resident_memory_bytes 1.048576e+07\nprocess_open_fds 9\ngo_goroutines 12\ngo_threads 8\n';
  const url = await servePage(t, () => page);
  const probe = await metricsPage.attach(attachRemote({ url, metricsUrl: url }), nowMs);
  const reading = { rssBytes: 10 * 1024 ** 2, fdCount: 9, taskCount: 12, threadCount: 8 };
  t.strictSame(await probe.level(), reading);
  t.match(probe.missing, /Not measured: active handles \(Node\), CPU time, live heap/);
});

test('a page that tells nothing of the process is refused with what would help', async (t) => {
  const url = await servePage(t, () => 'http_requests_total 5\n');
  await t.rejects(metricsPage.attach(attachRemote({ url, metricsUrl: url }), nowMs), {
    message: /neither process_resident_memory_bytes nor process_open_fds.*Export the default/,
  });
});

test('leaking descriptors accuse from the page alone, flat ones acquit', (t) => {
  const options = { ...smokeExperiment, requestsBefore: 400 };
  const levels = (fdCount: typeof flat) =>
    buildLevels({
      seed: 4,
      cycles: 22,
      channels: {
        rssBytes: { shape: flat, noise: white(50_000) },
        fdCount: { shape: fdCount, noise: pool(0) },
      },
    });
  t.equal(runExperiment(levels(leakOneIn(4)), options).finding, 'growth-sustained');
  t.equal(runExperiment(levels(flat), options).finding, 'clean');
  t.end();
});

test('--metrics wants to know where to send requests', async (t) => {
  const flags = { fault: [], scale: 'smoke', out: 'runs', metrics: 'http://10.0.0.7/m' } as const;
  t.throws(() => chosenGateway(flags, []), /Cannot use --metrics without --url/);
  t.match(chosenGateway({ ...flags, url: 'http://10.0.0.7:8080' }, []), {
    kind: 'remote',
    url: 'http://10.0.0.7:8080',
    metricsUrl: 'http://10.0.0.7/m',
  });
  t.throws(() => chosenGateway({ ...flags, pid: 7 }, []), /--pid and --metrics together/);
});

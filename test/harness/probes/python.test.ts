// Levels of a real Python process show what each request retains, to the block, and nothing where
// it retains nothing; the agent reaches the process that serves, and stays out of the way.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Test, test } from 'tap';
import { procfs } from '../../../harness/probes/procfs.ts';
import { python } from '../../../harness/probes/python.ts';
import { readLevel } from '../../../harness/runner/context.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { leakyPythonPath, startLeakyPython } from '../../fixtures/leaky-python.ts';
import { sendRequests } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;
const requests = 300;

/** Change per request of all metrics over `requests`, after a warm-up. */
async function rates(t: Test, path: string, env: Readonly<Record<string, string>> = {}) {
  const subject = await startLeakyPython(t, { env });
  const probes = [await python.attach(subject, nowMs), await procfs.attach(subject, nowMs)];
  for (const probe of probes) t.teardown(() => probe[Symbol.asyncDispose]());
  await sendRequests(subject.url, path, requests);
  const before = await readLevel(probes);
  await sendRequests(subject.url, path, requests);
  const after = await readLevel(probes);
  const names = Object.keys(after) as (keyof typeof after)[];
  return Object.fromEntries(
    names.map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / requests]),
  );
}

/** The connection of the last cycle may still be closing: some thirty blocks in 300 requests. */
function isAbout(value: number | undefined, expected: number, slack: number): boolean {
  return value !== undefined && Math.abs(value - expected) < slack;
}

test('a kept object shows as three blocks of 128 bytes and one object', async (t) => {
  const rate = await rates(t, '/object');
  // Its attributes and the number in it are blocks as well.
  t.ok(isAbout(rate.pythonBlocks, 3, 0.2), `${rate.pythonBlocks} blocks`);
  t.ok(isAbout(rate.objectCount, 1, 0.1), `${rate.objectCount} objects`);
  t.ok(isAbout(rate.heapBytes, 128, 16), `${rate.heapBytes} bytes`);
});

test('kept bytes beyond 512 show as memory of malloc', async (t) => {
  const rate = await rates(t, '/bytes?n=4000');
  // 33 bytes of head, rounded up to 16, and the list that holds them.
  t.ok(isAbout(rate.externalBytes, 4048, 40), `${rate.externalBytes} bytes`);
  t.ok(isAbout(rate.heapBytes, 0, 16), `${rate.heapBytes} in small blocks`);
});

test('requests that only make cycles of garbage retain nothing', async (t) => {
  const rate = await rates(t, '/garbage');
  t.ok(isAbout(rate.pythonBlocks, 0, 0.2), `${rate.pythonBlocks} blocks`);
  t.ok(isAbout(rate.heapBytes, 0, 16), `${rate.heapBytes} bytes`);
});

test('a full cache retains nothing', async (t) => {
  const rate = await rates(t, '/cache?n=100');
  t.ok(isAbout(rate.pythonBlocks, 0, 0.5), `${rate.pythonBlocks} blocks`);
});

test('kept tasks, threads and sockets are counted, one each', async (t) => {
  t.equal((await rates(t, '/task')).taskCount, 1);
  t.equal((await rates(t, '/thread')).threadCount, 1);
  t.equal((await rates(t, '/socket')).socketCount, 1);
});

test('of a forked worker the worker is asked', async (t) => {
  const rate = await rates(t, '/object', { FORK: '1' });
  t.ok(isAbout(rate.pythonBlocks, 3, 0.2), `${rate.pythonBlocks} blocks`);
});

test('with the collector idle a sample brings no pauses; with garbage it brings them', async (t) => {
  const subject = await startLeakyPython(t);
  const probe = await python.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  await probe.level();
  await probe.sample();
  t.strictSame(probe.drainEvents?.(), [], 'forced collections are not the gateway’s');
  const before = nowMs();
  await sendRequests(subject.url, '/garbage', requests);
  const after = nowMs();
  await probe.sample();
  const pauses = probe.drainEvents?.().filter(({ metric }) => metric === 'gcPauseMs') ?? [];
  t.ok(pauses.length >= 5, `${pauses.length} collections`);
  const isSane = pauses.every(
    ({ timeMs, value }) => timeMs > before - 50 && timeMs < after + 50 && value >= 0,
  );
  t.ok(isSane, 'on the run’s clock');
});

test('a sitecustomize.py of the gateway still runs', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'leakbed-site-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const mark = join(folder, 'mark');
  await mkdir(join(folder, 'site'));
  await writeFile(join(folder, 'site', 'sitecustomize.py'), `open(${JSON.stringify(mark)}, "w")`);
  const subject = await startLeakyPython(t, { env: { PYTHONPATH: join(folder, 'site') } });
  t.ok(existsSync(mark));
  t.ok(subject.capabilities.has('python-agent'));
});

test('Python that may not load the agent says what would help', async (t) => {
  const subject = await startLeakyPython(t, { command: ['python3', '-I', leakyPythonPath] });
  await t.rejects(python.attach(subject, nowMs), { message: /did not load the agent.*without -I/ });
});

test('the agent goes with the process, and a question then fails in words', async (t) => {
  const subject = await startLeakyPython(t);
  const probe = await python.attach(subject, nowMs);
  const folder = dirname(subject.pythonAgentPath ?? '');
  t.ok(existsSync(folder));
  await subject.stop();
  await t.rejects(probe.sample(), { message: /Cannot ask leaky app for sample: the process has/ });
  t.notOk(existsSync(folder));
});

// Levels of a real Python process show what each request retains, to the block, and nothing where
// it retains nothing; the agent reaches the process that serves, and stays out of the way.

import { type Test, test } from 'tap';
import { procfs } from '../../../harness/probes/procfs.ts';
import { python } from '../../../harness/probes/python.ts';
import { readLevel } from '../../../harness/runner/context.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { startLeakyPython } from '../../fixtures/leaky-python.ts';
import { sendRequests } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;
const requests = 120;
/** The connection of the last request is closed by then. */
const settleMs = 60;

/** Change per request of all metrics over `requests`, after a warm-up. */
async function rates(t: Test, path: string, env: Readonly<Record<string, string>> = {}) {
  const subject = await startLeakyPython(t, { env });
  const probes = [await python.attach(subject, nowMs), await procfs.attach(subject, nowMs)];
  for (const probe of probes) t.teardown(() => probe[Symbol.asyncDispose]());
  await sendRequests(subject.url, path, requests);
  await sleep(settleMs);
  const before = await readLevel(probes);
  await sendRequests(subject.url, path, requests);
  await sleep(settleMs);
  const after = await readLevel(probes);
  const names = Object.keys(after) as (keyof typeof after)[];
  return Object.fromEntries(
    names.map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / requests]),
  );
}

/** On a busy machine it may still be closing, which is some thirty blocks and two kB. */
function isAbout(value: number | undefined, expected: number, slack: number): boolean {
  return value !== undefined && Math.abs(value - expected) < slack;
}

test('a kept object shows as three blocks of 128 bytes and one object', async (t) => {
  const rate = await rates(t, '/object');
  // Its attributes and the number in it are blocks as well.
  t.ok(isAbout(rate.pythonBlocks, 3, 0.4), `${rate.pythonBlocks} blocks`);
  t.ok(isAbout(rate.objectCount, 1, 0.1), `${rate.objectCount} objects`);
  // Its class is named Session.
  t.ok(isAbout(rate.clientCount, 1, 0.05), `${rate.clientCount} sessions`);
  t.ok(isAbout(rate.generatorCount, 0, 0.05), `${rate.generatorCount} generators`);
  t.ok(isAbout(rate.heapBytes, 128, 24), `${rate.heapBytes} bytes`);
});

test('kept bytes beyond 512 show as memory of malloc', async (t) => {
  const rate = await rates(t, '/bytes?n=4000');
  // 33 bytes of head, rounded up to 16, and the list that holds them.
  t.ok(isAbout(rate.externalBytes, 4048, 80), `${rate.externalBytes} bytes`);
  t.ok(isAbout(rate.heapBytes, 0, 24), `${rate.heapBytes} in small blocks`);
});

test('requests that only make cycles of garbage retain nothing', async (t) => {
  const rate = await rates(t, '/garbage');
  t.ok(isAbout(rate.pythonBlocks, 0, 0.4), `${rate.pythonBlocks} blocks`);
  t.ok(isAbout(rate.heapBytes, 0, 24), `${rate.heapBytes} bytes`);
});

test('a full cache retains nothing', async (t) => {
  const rate = await rates(t, '/cache?n=100');
  t.ok(isAbout(rate.pythonBlocks, 0, 0.8), `${rate.pythonBlocks} blocks`);
});

test('kept tasks, threads and sockets are counted, one each', async (t) => {
  t.equal((await rates(t, '/task')).taskCount, 1);
  t.equal((await rates(t, '/thread')).threadCount, 1);
  t.equal((await rates(t, '/socket')).socketCount, 1);
});

test('of a forked worker the worker is asked', async (t) => {
  const rate = await rates(t, '/object', { FORK: '1' });
  t.ok(isAbout(rate.pythonBlocks, 3, 0.4), `${rate.pythonBlocks} blocks`);
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
  t.ok(pauses.length >= 3, `${pauses.length} collections`);
  const isSane = pauses.every(
    ({ timeMs, value }) => timeMs > before - 50 && timeMs < after + 50 && value >= 0,
  );
  t.ok(isSane, 'on the run’s clock');
});

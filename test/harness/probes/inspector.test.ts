// Levels of a real process show what each request retains, and nothing where it retains nothing.

import { type Test, test } from 'tap';
import { inspectorProbe } from '../../../harness/probes/inspector.ts';
import type { AttachedProbe } from '../../../harness/probes/probe.ts';
import { procfs } from '../../../harness/probes/procfs.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;
const requests = 400;

async function attachTo(t: Test, steadyCompiler = true) {
  const subject = await startLeakyApp(t);
  const probe = await inspectorProbe({ steadyCompiler }).attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  return { subject, probe };
}

/** Change per request of all metrics over `requests`, after a warm-up. */
async function rates(url: string, path: string, probe: AttachedProbe) {
  await sendRequests(url, path, requests);
  await sendRequests(url, path, requests);
  const before = await probe.level();
  await sendRequests(url, path, requests);
  const after = await probe.level();
  const names = Object.keys(after) as (keyof typeof after)[];
  return Object.fromEntries(
    names.map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / requests]),
  );
}

test('retained buffers show as external memory, to the byte', async (t) => {
  const { subject, probe } = await attachTo(t);
  const rate = await rates(subject.url, '/buffer?bytes=4096', probe);
  t.ok(Math.abs((rate.externalBytes ?? 0) - 4096) < 4, `${rate.externalBytes} bytes per request`);
});

test('retained strings show as live heap, within 5 %', async (t) => {
  const { subject, probe } = await attachTo(t);
  const rate = await rates(subject.url, '/string?bytes=8192', probe);
  t.ok(Math.abs((rate.heapBytes ?? 0) / 8192 - 1) < 0.05, `${rate.heapBytes} bytes per request`);
  t.ok(Math.abs(rate.externalBytes ?? 0) < 16, `${rate.externalBytes} external`);
});

test('retained sockets show as descriptors, sockets and handles, one each', async (t) => {
  const { subject, probe } = await attachTo(t);
  const outside = await procfs.attach(subject, nowMs);
  t.teardown(() => outside[Symbol.asyncDispose]());
  const both: AttachedProbe = {
    ...probe,
    level: async () => ({ ...(await probe.level()), ...(await outside.level()) }),
  };
  const rate = await rates(subject.url, '/socket', both);
  for (const name of ['fdCount', 'socketCount', 'handleCount']) {
    t.ok(Math.abs((rate[name] ?? 0) - 1) < 0.02, `${name} ${rate[name]}`);
  }
});

test('requests that only make garbage retain nothing', async (t) => {
  const { subject, probe } = await attachTo(t);
  const rate = await rates(subject.url, '/garbage?bytes=100000', probe);
  t.ok(Math.abs(rate.heapBytes ?? Number.NaN) < 40, `${rate.heapBytes} heap bytes per request`);
  t.ok(Math.abs(rate.externalBytes ?? Number.NaN) < 1, `${rate.externalBytes} external`);
});

test('what was only logged is not counted as retained', async (t) => {
  const { subject, probe } = await attachTo(t);
  const rate = await rates(subject.url, '/log?bytes=4096', probe);
  t.ok(Math.abs(rate.heapBytes ?? Number.NaN) < 40, `${rate.heapBytes} heap bytes per request`);
});

test('native memory is what neither the heap nor external memory explains', async (t) => {
  const { subject, probe } = await attachTo(t);
  t.type((await probe.level()).nativeBytes, 'number');
  const blind = { ...subject, pid: null };
  const remote = await inspectorProbe().attach(blind, nowMs);
  t.teardown(() => remote[Symbol.asyncDispose]());
  t.notOk('nativeBytes' in (await remote.level()), 'not reported where /proc is out of reach');
});

test('a process without an inspector is refused with its reason', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  await t.rejects(inspectorProbe().attach(subject, nowMs), {
    message: /Cannot attach inspector to leaky app: it was started without an inspector/,
  });
});

test('a process that dies while it is read ends with its own exit code, and a sentence', async (t) => {
  const { subject, probe } = await attachTo(t);
  await sendRequests(subject.url, '/exit?code=3', 1);
  const failure = await untilItFails(() => probe.level());
  t.match(failure, /Cannot run [\w.]+: the inspector connection is closed|process has ended/);
  t.match(await subject.ended, /exit code 3\.$/);
});

test('a stopped process fails the sample in bounded time', async (t) => {
  const { subject, probe } = await attachTo(t, false);
  process.kill(subject.pid ?? 0, 'SIGSTOP');
  t.teardown(() => process.kill(subject.pid ?? 0, 'SIGCONT'));
  await t.rejects(probe.sample(), { message: /no answer in 5000 ms\. The process is stopped/ });
});

async function untilItFails(work: () => Promise<unknown>): Promise<string> {
  for (let i = 0; i < 200; i++) {
    try {
      await work();
    } catch (error) {
      return String(error);
    }
    await sleep(20);
  }
  return 'it never failed';
}

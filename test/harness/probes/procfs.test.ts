// The probe from outside agrees with the kernel's own sums, and fails in words.

import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'tap';
import { procfs } from '../../../harness/probes/procfs.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;

test('memory and descriptors are those of /proc/PID/status and /proc/PID/fd', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await procfs.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  await sleep(200);
  const sample = await probe.sample();
  const status = readFileSync(`/proc/${subject.pid}/status`, 'utf8');
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  t.equal(sample.rssBytes, kib('VmRSS') * 1024);
  t.equal(sample.anonBytes, kib('RssAnon') * 1024);
  t.equal(sample.vmsBytes, kib('VmSize') * 1024);
  t.equal(sample.fdCount, readdirSync(`/proc/${subject.pid}/fd`).length);
});

test('PSS and USS are read at rest only, USS below PSS and that below RSS', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await procfs.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  t.notOk('pssBytes' in (await probe.sample()));
  const { ussBytes = 0, pssBytes = 0, rssBytes = 0 } = await probe.level();
  t.ok(ussBytes > 1e6, `${ussBytes}`);
  t.ok(ussBytes <= pssBytes && pssBytes < rssBytes, `${ussBytes}, ${pssBytes} of ${rssBytes}`);
});

test('with many descriptors sockets are left to the levels', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await procfs.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  t.hasProp(await probe.sample(), 'socketCount');
  await sendRequests(subject.url, '/socket', 200);
  t.notOk('socketCount' in (await probe.sample()));
  t.ok(((await probe.level()).socketCount ?? 0) >= 200);
});

test('counting sockets takes a hundredth of the time at most', async (t) => {
  const subject = await startLeakyApp(t);
  let timeMs = 0;
  // Each look at the clock is 10 ms later, so a count takes 10 ms.
  const probe = await procfs.attach(subject, () => (timeMs += 10));
  t.teardown(() => probe[Symbol.asyncDispose]());
  t.hasProp(await probe.sample(), 'socketCount');
  timeMs = 900;
  t.notOk('socketCount' in (await probe.sample()), 'too soon');
  t.hasProp(await probe.sample(), 'rssBytes');
  timeMs = 1100;
  t.hasProp(await probe.sample(), 'socketCount');
});

test('connections that it opened are told from those opened to it', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await procfs.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  const before = await probe.level();
  await sendRequests(subject.url, '/connect', 10);
  const after = await probe.level();
  t.equal((after.outboundCount ?? 0) - (before.outboundCount ?? 0), 10);
  t.ok(
    (after.establishedCount ?? 0) - (before.establishedCount ?? 0) >= 20,
    'both ends are its own',
  );
});

test('CPU time grows with work', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await procfs.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  const before = (await probe.sample()).cpuMs ?? Number.NaN;
  await sendRequests(subject.url, '/garbage?bytes=50000000', 2);
  t.ok(((await probe.sample()).cpuMs ?? 0) >= before + 20);
});

test('a process that has ended fails in words', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await procfs.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  await subject.stop();
  await t.rejects(probe.sample(), { message: /Cannot sample PID \d+: the process has ended/ });
  await t.rejects(probe.level(), { message: /Cannot read PID \d+: the process has ended/ });
  await t.rejects(procfs.attach(subject, nowMs), { message: /has ended/ });
});

test('a process out of reach is refused with what would help', async (t) => {
  const subject = { ...(await startLeakyApp(t)), pid: null };
  await t.rejects(procfs.attach(subject, nowMs), { message: /out of reach\. Name it by --pid/ });
});

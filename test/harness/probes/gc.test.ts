// Pauses are those of the gateway: natural collections are seen on the run's clock, forced ones
// are left out, and nothing stays behind.

import { constants } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'tap';
import { installGcRing } from '../../../harness/probes/agents/gc-ring.ts';
import { gc } from '../../../harness/probes/gc.ts';
import { inspectorProbe } from '../../../harness/probes/inspector.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;
setFlagsFromString('--expose-gc');
const collectGarbage: (options?: { type: 'minor' }) => void = runInNewContext('gc');
const isPause = ({ metric }: { readonly metric: string }) => metric === 'gcPauseMs';

test('collections that work causes are seen, within the time of that work', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await gc.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  const startMs = nowMs();
  await sendRequests(subject.url, '/garbage?bytes=20000000', 3);
  const endMs = nowMs();
  const events = [];
  // The target's observer runs a moment after the collection.
  for (let i = 0; i < 100 && events.length < 3; i++) {
    await probe.sample();
    events.push(...(probe.drainEvents?.() ?? []).filter(isPause));
    await sleep(20);
  }
  t.ok(events.length >= 3, `${events.length} collections`);
  for (const { timeMs, value } of events) {
    t.ok(timeMs >= startMs - 2 && timeMs <= endMs + 2 && value > 0 && value < 1_000);
  }
  t.strictSame(probe.drainEvents?.() ?? null, [], 'each is handed out once');
});

test('collections that leakbed forced are left out', async (t) => {
  const subject = await startLeakyApp(t);
  const probe = await gc.attach(subject, nowMs);
  // To a probe of another subject object the same collections are not known as forced.
  const unaware = await gc.attach({ ...subject }, nowMs);
  const levels = await inspectorProbe().attach(subject, nowMs);
  const all = [probe, unaware, levels];
  t.teardown(() => Promise.all(all.map((each) => each[Symbol.asyncDispose]())));
  for (let i = 0; i < 3; i++) await levels.level();
  const seen = async () => {
    await unaware.sample();
    return (unaware.drainEvents?.() ?? []).filter(isPause);
  };
  let count = 0;
  for (let i = 0; i < 100 && count < 6; i++) {
    count += (await seen()).length;
    await sleep(20);
  }
  t.ok(count >= 6, `${count} collections in the target`);
  await probe.sample();
  // The process may collect by itself beside the two that each level forces; both probes see that.
  const natural = (probe.drainEvents?.() ?? []).filter(isPause);
  t.ok(natural.length <= count - 6, `${natural.length} of ${count} are not leakbed's`);
});

test('the ring keeps the newest and ends when forgotten', async (t) => {
  const collect = async (times: number) => {
    for (let i = 0; i < times; i++) collectGarbage();
    // Observers are told in a later turn, in one list.
    await sleep(20);
  };
  const ring = installGcRing(4, 60_000);
  t.teardown(ring.stop);
  await collect(6);
  const events = ring.drain();
  t.equal(events.length, 12, 'start, duration and kind of four');
  t.ok((events[0] ?? 0) < (events[9] ?? 0), 'oldest first');
  const forgotten = installGcRing(4, 0);
  await collect(2);
  forgotten.drain();
  await collect(2);
  t.strictSame(forgotten.drain(), []);
});

test('a collection of the young generation is told from a full one', async (t) => {
  const { NODE_PERFORMANCE_GC_MAJOR, NODE_PERFORMANCE_GC_MINOR } = constants;
  const kindsAfter = async (collect: () => void) => {
    const ring = installGcRing(16, 60_000);
    collect();
    await sleep(20);
    const events = ring.drain();
    ring.stop();
    return events.filter((_, at) => at % 3 === 2);
  };
  const young = await kindsAfter(() => collectGarbage({ type: 'minor' }));
  t.ok(young.includes(NODE_PERFORMANCE_GC_MINOR) && !young.includes(NODE_PERFORMANCE_GC_MAJOR));
  t.ok((await kindsAfter(() => collectGarbage())).includes(NODE_PERFORMANCE_GC_MAJOR));
});

test('a process without an inspector is refused with its reason', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  await t.rejects(gc.attach(subject, nowMs), { message: /Cannot attach gc to leaky app: / });
});

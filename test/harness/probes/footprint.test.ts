// A probe must not be the leak: what all probes together leave in the target, measured by them.
// 300 levels, which take half a minute, grew it by no more than 100 do.

import { test } from 'tap';
import { eventLoop } from '../../../harness/probes/event-loop.ts';
import { gc } from '../../../harness/probes/gc.ts';
import { heapSpaces } from '../../../harness/probes/heap-spaces.ts';
import { inspectorProbe } from '../../../harness/probes/inspector.ts';
import { procfs } from '../../../harness/probes/procfs.ts';
import { resources } from '../../../harness/probes/resources.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { startLeakyApp } from '../../fixtures/leaky-subject.ts';

const levelCount = Number(process.env.LEAKBED_TEST_LEVELS ?? '100');

test('levels and samples leave no growth in the target', { timeout: 110_000 }, async (t) => {
  const subject = await startLeakyApp(t);
  const all = [inspectorProbe({ steadyCompiler: true }), gc, heapSpaces, resources, eventLoop];
  const probes = await Promise.all(
    [...all, procfs].map((probe) => probe.attach(subject, systemClock.nowMs)),
  );
  t.teardown(() => Promise.all(probes.map((probe) => probe[Symbol.asyncDispose]())));
  const level = async () => {
    const readings = [];
    for (const probe of probes) {
      await probe.sample();
      readings.push(await probe.level());
    }
    return { heapBytes: 0, externalBytes: 0, fdCount: 0, ...Object.assign({}, ...readings) };
  };
  for (let i = 0; i < 20; i++) await level();
  const before = await level();
  for (let i = 0; i < levelCount; i++) await level();
  const after = await level();
  const grown = after.heapBytes - before.heapBytes;
  t.comment(
    `${grown} B of heap, ${after.anonBytes - before.anonBytes} B resident in ${levelCount}`,
  );
  t.ok(grown < 8 * 1024, `${grown} bytes of heap`);
  t.ok(after.externalBytes - before.externalBytes < 1024);
  t.equal(after.fdCount, before.fdCount);
});

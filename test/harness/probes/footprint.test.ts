// A probe must not be the leak: what all probes together leave in the target, measured by them.
// 150 levels, which take a quarter of a minute, grew it by no more than 50 do.

import { test } from 'tap';
import { eventLoop } from '../../../harness/probes/event-loop.ts';
import { gc } from '../../../harness/probes/gc.ts';
import { heapSpaces } from '../../../harness/probes/heap-spaces.ts';
import { inspectorProbe } from '../../../harness/probes/inspector.ts';
import { procfs } from '../../../harness/probes/procfs.ts';
import { resources } from '../../../harness/probes/resources.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { startLeakyApp } from '../../fixtures/leaky-subject.ts';

const levelCount = Number(process.env.LEAKBED_TEST_LEVELS ?? '50');

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
  const growth = async (count: number) => {
    const before = await level();
    for (let i = 0; i < count; i++) await level();
    const after = await level();
    const grown = {
      heapBytes: after.heapBytes - before.heapBytes,
      externalBytes: after.externalBytes - before.externalBytes,
      fdCount: after.fdCount - before.fdCount,
    };
    t.comment(`${count} levels: ${JSON.stringify(grown)}`);
    return grown;
  };
  await growth(20);
  // What the engine does once, whenever it comes to it, is met in one stretch; a leak is in each.
  const stretches = [await growth(levelCount), await growth(levelCount)];
  const least = (of: 'heapBytes' | 'externalBytes' | 'fdCount') =>
    Math.min(...stretches.map((grown) => grown[of]));
  t.ok(least('heapBytes') < 8 * 1024, `${least('heapBytes')} bytes of heap`);
  t.ok(least('externalBytes') < 1024);
  t.equal(least('fdCount'), 0);
});

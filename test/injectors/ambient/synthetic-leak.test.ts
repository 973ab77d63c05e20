// The fault follows the requests that were answered, stops at its limit, and lets go when healed;
// in a real Node and a real Python process the memory is there, and gone afterwards.

import { test } from 'tap';
import { inspectorProbe } from '../../../harness/probes/inspector.ts';
import type { AttachedProbe } from '../../../harness/probes/probe.ts';
import { python } from '../../../harness/probes/python.ts';
import { leakableGateway } from '../../../harness/runner/retainer.ts';
import type { Subject } from '../../../harness/subjects/subject.ts';
import { type LeakableGateway, syntheticLeak } from '../../../injectors/ambient/synthetic-leak.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import type { RawValue } from '../../../injectors/options.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';
import { startLeakyPython } from '../../fixtures/leaky-python.ts';
import { startLeakyApp } from '../../fixtures/leaky-subject.ts';

async function plant(options: Readonly<Record<string, RawValue>>, of: LeakableGateway) {
  const clock = createFakeClock();
  const notes: string[] = [];
  let asked = Promise.resolve();
  const target: LeakableGateway = {
    async openRetainer(kind, bytes) {
      const retainer = await of.openRetainer(kind, bytes);
      const retain = (count: number) => {
        asked = retainer.retain(count);
        return asked;
      };
      return { ...retainer, retain };
    },
  };
  const { fault, problems } = syntheticLeak.bind(options);
  if (fault === undefined) throw new Error(problems.join(' '));
  const leak = await fault.disrupt?.({
    target: target as never,
    clock,
    signal: AbortSignal.timeout(30_000),
    note: (what) => void notes.push(what),
  });
  if (leak === undefined) throw new Error('nothing was planted');
  return {
    leak,
    notes,
    async tick() {
      clock.advance(50);
      await asked.catch(() => undefined);
      // Then the fault sets its next alarm.
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    },
  };
}

test('it keeps as much as there were answers, up to its limit, and lets go', async (t) => {
  const kept: number[] = [];
  const answered = { count: 100 };
  let isReleased = false;
  const target: LeakableGateway = {
    openRetainer: async () => ({
      requestsDone: () => answered.count,
      retain: async (count) => void kept.push(count),
      async [Symbol.asyncDispose]() {
        isReleased = true;
      },
    }),
  };
  const { leak, tick } = await plant({ bytes: '1KiB', limit: '30KiB' }, target);
  await tick();
  answered.count = 110;
  await tick();
  await tick();
  answered.count = 300;
  await tick();
  answered.count = 400;
  await tick();
  t.same(kept, [10, 20], 'those before the fault, and those beyond its limit, are not kept');
  t.notOk(isReleased);
  await leak[Symbol.asyncDispose]();
  t.ok(isReleased);
});

test('a gateway that cannot be reached into any more is noted, and leaks no more', async (t) => {
  const answered = { count: 0 };
  let isReachable = true;
  const target: LeakableGateway = {
    openRetainer: async () => ({
      requestsDone: () => answered.count,
      async retain() {
        if (!isReachable) throw new Error('the inspector is gone');
      },
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
  const { leak, tick, notes } = await plant({ bytes: '1KiB' }, target);
  answered.count = 3;
  await tick();
  isReachable = false;
  answered.count = 5;
  await tick();
  isReachable = true;
  await tick();
  t.same(notes, ['kept 3 times, then no more: the inspector is gone']);
  await leak[Symbol.asyncDispose]();
  t.same(notes.slice(1), ['kept 3 times 1024 bytes, and let go']);
});

/** Bytes that 200 answers of 4 KiB each cost the process, and what is left once healed. */
async function measured(subject: Subject, probe: AttachedProbe, kind: string) {
  const answered = { count: 0, perSecond: 1 };
  const gateway = leakableGateway({ subject, answered });
  const level = async () => {
    const { heapBytes = 0, externalBytes = 0, handleCount = 0 } = await probe.level();
    return { bytes: heapBytes + externalBytes, handleCount };
  };
  // The first time loads code.
  const warm = await plant({ kind }, gateway);
  answered.count = 1;
  await warm.tick();
  await warm.leak[Symbol.asyncDispose]();
  const before = await level();
  const { leak, tick } = await plant({ kind, bytes: '4KiB' }, gateway);
  answered.count = 201;
  await tick();
  const during = await level();
  await leak[Symbol.asyncDispose]();
  const after = await level();
  return {
    perAnswer: (during.bytes - before.bytes) / 200,
    handles: during.handleCount - before.handleCount,
    leftBytes: after.bytes - before.bytes,
  };
}

for (const kind of ['objects', 'buffers', 'timers']) {
  test(`a Node process keeps ${kind}, and is as before once healed`, async (t) => {
    const subject = await startLeakyApp(t);
    const probe = await inspectorProbe({ steadyCompiler: true }).attach(subject, systemClock.nowMs);
    t.teardown(() => probe[Symbol.asyncDispose]());
    const { perAnswer, handles, leftBytes } = await measured(subject, probe, kind);
    t.ok(perAnswer > 4096 * 0.95 && perAnswer < 4096 * 1.2, `${perAnswer} bytes an answer`);
    t.ok(Math.abs(leftBytes) < 60_000, `${leftBytes} bytes left`);
    t.equal(handles, kind === 'timers' ? 200 : 0);
  });
}

for (const kind of ['objects', 'buffers']) {
  test(`a Python process keeps ${kind}, and is as before once healed`, async (t) => {
    const subject = await startLeakyPython(t);
    const probe = await python.attach(subject, systemClock.nowMs);
    t.teardown(() => probe[Symbol.asyncDispose]());
    const { perAnswer, leftBytes } = await measured(subject, probe, kind);
    t.ok(perAnswer > 4096 * 0.9 && perAnswer < 4096 * 1.2, `${perAnswer} bytes an answer`);
    t.ok(Math.abs(leftBytes) < 60_000, `${leftBytes} bytes left`);
  });
}

test('a process that nobody can reach into is refused with what would help', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  const gateway = leakableGateway({ subject, answered: { count: 0, perSecond: 1 } });
  await t.rejects(plant({}, gateway), { message: /neither V8's inspector nor leakbed's Python/ });
});

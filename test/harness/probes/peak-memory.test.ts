// A peak of a moment is seen at the next level, and only there.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'tap';
import { peakMemory } from '../../../harness/probes/peak-memory.ts';
import type { Subject } from '../../../harness/subjects/subject.ts';
import { systemClock } from '../../../injectors/determinism.ts';

const MiB = 1024 ** 2;

/** Takes 64 MiB and gives it back, for each line. */
const program = `process.stdin.on('data', () => {
  Buffer.allocUnsafeSlow(64 * 1024 ** 2).fill(1);
  setImmediate(() => { gc(); console.log('given back'); });
});
console.log('runs');`;

function subjectOf(pid: number | null): Subject {
  return {
    name: 'a process',
    url: 'http://127.0.0.1:1',
    pid,
    inspectorUrl: null,
    capabilities: new Set(pid === null ? [] : (['procfs'] as const)),
    missing: {},
    ended: new Promise(() => {}),
    lastOutput: () => '',
    [Symbol.asyncDispose]: async () => {},
  };
}

test('a peak between two levels is told once, however short it was', async (t) => {
  const child = spawn(process.execPath, ['--expose-gc', '-e', program]);
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const probe = await peakMemory.attach(subjectOf(child.pid ?? 0), systemClock.nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  const { peakRssBytes: before = 0 } = await probe.level();
  child.stdin.write('take\n');
  await once(child.stdout, 'data');
  const { peakRssBytes: peak = 0 } = await probe.level();
  const { peakRssBytes: after = 0 } = await probe.level();
  t.ok(peak > before + 48 * MiB, `${before}, then ${peak}`);
  t.ok(after < peak - 48 * MiB, `${peak}, then ${after}`);
});

test('a process that is out of reach is told with what would help', async (t) => {
  const attaching = peakMemory.attach(subjectOf(null), systemClock.nowMs);
  await t.rejects(attaching, /out of reach. Name it by --pid/);
});

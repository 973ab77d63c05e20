// The cgroup probe reads the kernel's own figures, of both versions, and says when there are none.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { cgroup, readCgroup } from '../../../harness/probes/cgroup.ts';
import { memoryCgroup } from '../../../harness/probes/cgroup-files.ts';
import { attachPid } from '../../../harness/subjects/pid.ts';
import { systemClock } from '../../../injectors/determinism.ts';
import { startLeakyApp } from '../../fixtures/leaky-subject.ts';

const { nowMs } = systemClock;

/** The files of a cgroup as the kernel writes them. */
function folderWith(t: Test, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'leakbed-cgroup-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('version 2 is read from memory.current, peak and events', async (t) => {
  const folder = folderWith(t, {
    'memory.current': '104857600\n',
    'memory.peak': '209715200\n',
    'memory.events': 'low 0\nhigh 3\nmax 17\noom 2\noom_kill 1\noom_group_kill 0\n',
  });
  t.strictSame(readCgroup({ version: 2, folder }), {
    cgroupBytes: 104857600,
    cgroupPeakBytes: 209715200,
    cgroupLimitHits: 17,
    oomKillCount: 1,
  });
});

test('what an older kernel does not tell is left out, not zero', async (t) => {
  const folder = folderWith(t, { 'memory.current': '4096\n' });
  t.strictSame(readCgroup({ version: 2, folder }), { cgroupBytes: 4096 });
});

test('version 1 is read from usage, max_usage, failcnt and oom_control', async (t) => {
  const folder = folderWith(t, {
    'memory.usage_in_bytes': '8192\n',
    'memory.max_usage_in_bytes': '16384\n',
    'memory.failcnt': '5\n',
    'memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
  });
  t.strictSame(readCgroup({ version: 1, folder }), {
    cgroupBytes: 8192,
    cgroupPeakBytes: 16384,
    cgroupLimitHits: 5,
    oomKillCount: 2,
  });
});

test('a process that shares leakbed’s cgroup has no figures of its own', async (t) => {
  t.notOk((await startLeakyApp(t)).capabilities.has('cgroup'));
});

test('a process in a cgroup of its own is read from the kernel', async (t) => {
  const folder = makeCgroup(t);
  if (folder === null) return t.pass('# SKIP this machine lets nobody make a memory cgroup');
  const subject = await startLeakyApp(t, { inspect: false });
  writeFileSync(join(folder, 'cgroup.procs'), String(subject.pid));
  const attached = await attachPid({ pid: subject.pid ?? 0, url: subject.url });
  t.teardown(() => attached[Symbol.asyncDispose]());
  t.ok(attached.capabilities.has('cgroup'));
  const probe = await cgroup.attach(attached, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  const { cgroupBytes, oomKillCount } = await probe.sample();
  const file = memoryCgroup('self')?.version === 1 ? 'memory.usage_in_bytes' : 'memory.current';
  const told = Number(readFileSync(join(folder, file), 'utf8'));
  t.ok(Math.abs((cgroupBytes ?? 0) - told) < 1e6, `${cgroupBytes} and ${told}`);
  t.equal(oomKillCount, 0);
});

/** A new memory cgroup below ours, removed when its processes have ended; null if forbidden. */
function makeCgroup(t: Test): string | null {
  const ours = memoryCgroup('self');
  if (ours === null) return null;
  const folder = join(ours.folder, `leakbed-test-${process.pid}`);
  try {
    mkdirSync(folder);
  } catch {
    return null;
  }
  t.teardown(() => rmdirSync(folder));
  return existsSync(join(folder, 'memory.oom_control')) ||
    existsSync(join(folder, 'memory.current'))
    ? folder
    : null;
}

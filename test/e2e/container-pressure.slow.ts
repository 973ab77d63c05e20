// Memory pressure on a container with a real engine: the kernel's own limit comes down and is put
// back, a balloon counts against the container and is what the kernel ends when it does not fit.

import { readFileSync } from 'node:fs';
import { type Test, test } from 'tap';
import { readCgroup } from '../../harness/probes/cgroup.ts';
import { memoryCgroup } from '../../harness/probes/cgroup-files.ts';
import { sleep } from '../../injectors/determinism.ts';
import { disturb } from '../fixtures/disturbed-process.ts';
import { docker, withoutImage } from '../fixtures/docker.ts';

const image = 'debian:bookworm-slim';
const MiB = 1024 ** 2;

const skip = withoutImage(image);

/** A container that may take 128 MiB and takes next to nothing. */
function startContainer(t: Test) {
  const id = docker('run', '-d', '--rm', '--memory', '128m', image, 'sleep', '600').trim();
  t.teardown(() => docker('rm', '-f', id));
  const of = Number(docker('inspect', '--format', '{{.State.Pid}}', id));
  const cgroup = memoryCgroup(of);
  if (cgroup === null) throw new Error('Cannot find the cgroup of the container.');
  const file = cgroup.version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
  const limit = () => Number(readFileSync(`${cgroup.folder}/${file}`, 'utf8'));
  return { of, cgroup, limit };
}

test('the limit of a container comes down, and is put back', { skip }, async (t) => {
  const { of, cgroup, limit } = startContainer(t);
  t.equal(limit(), 128 * MiB);
  const words = 'memory-pressure;headroom=16MiB;steps=1';
  const { notes, heal } = await disturb(words, { of, cgroup });
  t.ok(limit() < 64 * MiB, `${limit()}`);
  t.match(notes, ['step 1 of 1: 16 MiB left (cgroup)']);
  await heal();
  t.equal(limit(), 128 * MiB);
});

test('a balloon takes the memory of the container, and gives it back', { skip }, async (t) => {
  const { of, cgroup } = startContainer(t);
  const words = 'memory-pressure;via=balloon;size=48MiB;steps=1';
  const { heal } = await disturb(words, { of, cgroup });
  t.ok((readCgroup(cgroup).cgroupBytes ?? 0) > 48 * MiB);
  await heal();
  // What a process held is taken off the account when it is buried, a moment after its end.
  while ((readCgroup(cgroup).cgroupBytes ?? 0) > 24 * MiB) await sleep(20);
  t.equal(readCgroup(cgroup).oomKillCount, 0);
});

test('of a balloon and the gateway, the kernel ends the balloon', { skip }, async (t) => {
  const { of, cgroup } = startContainer(t);
  const words = 'memory-pressure;via=balloon;size=512MiB;steps=1';
  await t.rejects(
    disturb(words, { of, cgroup }),
    /Cannot burden the machine: process \d+ has ended/,
  );
  t.equal(readCgroup(cgroup).oomKillCount, 1);
  t.ok(readFileSync(`/proc/${of}/status`, 'utf8'), 'it runs on');
});

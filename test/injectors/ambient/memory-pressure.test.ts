// Memory pressure on a real process: limits come down in steps and are given back; a balloon takes
// memory and lets it go. The cgroup's files are plain ones here; real ones are tested with a
// container, in test/e2e/container-pressure.slow.ts.

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { procMemory } from '../../../harness/probes/proc-memory.ts';
import { descendants } from '../../../harness/subjects/process-info.ts';
import { sleep } from '../../../injectors/determinism.ts';
import { disturb, limitOf, startVictim } from '../../fixtures/disturbed-process.ts';
import { createFakeClock } from '../../fixtures/fake-clock.ts';

const MiB = 1024 ** 2;
/** What runs of its own accord between two steps of a fake clock. */
const settle = () => sleep(100);

test('the limit of a process comes down in halves, and is given back', async (t) => {
  const { pid } = await startVictim(t);
  const clock = createFakeClock();
  const { notes, heal } = await disturb(
    'memory-pressure;headroom=32MiB;steps=3;every=1s',
    { of: pid },
    clock,
  );
  const limits = [limitOf(pid, 'data size')];
  for (const _ of [2, 3]) {
    clock.advance(1000);
    await settle();
    limits.push(limitOf(pid, 'data size'));
  }
  const [first = 0, second = 0, third = 0] = limits;
  t.equal(first - second, 64 * MiB);
  t.equal(second - third, 32 * MiB);
  t.match(notes, ['step 1 of 3: 128 MiB left (rlimit)', /64 MiB/, /32 MiB/]);
  await heal();
  t.equal(limitOf(pid, 'data size'), Infinity);
  t.equal(clock.pending, 0);
});

test('a limit that nothing enforces is told to the process, and taken back', async (t) => {
  const { pid } = await startVictim(t);
  const { notes, heal } = await disturb('memory-pressure;via=hint;steps=1', { of: pid });
  t.ok(limitOf(pid, 'resident set') < 1024 * MiB);
  t.equal(limitOf(pid, 'data size'), Infinity);
  t.match(notes, ['step 1 of 1: 64 MiB left (hint)']);
  await heal();
  t.equal(limitOf(pid, 'resident set'), Infinity);
});

test('healing between two steps is the end of the steps', async (t) => {
  const { pid } = await startVictim(t);
  const clock = createFakeClock();
  const { heal } = await disturb('memory-pressure;every=1s', { of: pid }, clock);
  await heal();
  clock.advance(5000);
  await settle();
  t.equal(limitOf(pid, 'data size'), Infinity);
});

for (const version of [1, 2] as const) {
  test(`the limit of a cgroup of version ${version} is lowered and put back`, async (t) => {
    const folder = t.testdir();
    const names = {
      1: [
        'memory.limit_in_bytes',
        'memory.usage_in_bytes',
        'total_inactive_file',
        '9223372036854771712',
      ],
      2: ['memory.max', 'memory.current', 'inactive_file', 'max'],
    } as const;
    const [limit, used, cache, before] = names[version];
    writeFileSync(join(folder, limit), `${before}\n`);
    writeFileSync(join(folder, used), `${100 * MiB}\n`);
    writeFileSync(join(folder, 'memory.stat'), `cache 7\n${cache} ${20 * MiB}\n`);
    const read = () => readFileSync(join(folder, limit), 'utf8');
    const { heal } = await disturb('memory-pressure;headroom=16MiB;steps=1', {
      of: process.pid,
      cgroup: { version, folder },
    });
    t.equal(read(), String((100 - 20 + 16) * MiB));
    await heal();
    t.equal(read(), before);
  });
}

test('a cgroup whose use cannot be read is left as it was, and leaves no will behind', async (t) => {
  const folder = t.testdir({ 'memory.max': 'max' });
  const before = descendants(process.pid);
  const cgroup = { version: 2, folder } as const;
  await t.rejects(disturb('memory-pressure', { of: process.pid, cgroup }), /memory\.stat/);
  while (descendants(process.pid).length > before.length) await sleep(10);
  t.equal(readFileSync(join(folder, 'memory.max'), 'utf8'), 'max');
});

test('a gateway that shares its cgroup is not limited by it', async (t) => {
  const { pid } = await startVictim(t);
  await t.rejects(
    disturb('memory-pressure;via=cgroup', { of: pid }),
    /shares it with others.*via=rlimit/,
  );
});

test('a balloon holds what it was told to, and is gone when healed', async (t) => {
  const before = new Set(descendants(process.pid));
  const { notes, heal } = await disturb('memory-pressure;via=balloon;size=48MiB;steps=1', {
    of: process.pid,
  });
  t.teardown(heal);
  const [pid = 0] = descendants(process.pid).filter((child) => !before.has(child));
  const memory = procMemory(pid);
  t.ok(memory.read().rssBytes > 48 * MiB);
  memory.close();
  t.same(notes, ['step 1 of 1: 48 MiB taken']);
  await heal();
  t.notOk(descendants(process.pid).includes(pid));
});

test("a balloon that would take the machine's last memory is refused, and leaves nothing", async (t) => {
  const before = descendants(process.pid).length;
  await t.rejects(
    disturb('memory-pressure;via=balloon;size=1048576MiB;steps=1', { of: process.pid }),
    /Cannot inflate the balloon to 1048576 MiB.*Take less/,
  );
  t.equal(descendants(process.pid).length, before);
});

test('a step that fails is noted with its reason, and is the last', async (t) => {
  const { pid, child } = await startVictim(t);
  const clock = createFakeClock();
  const { notes, heal } = await disturb('memory-pressure;steps=3;every=1s', { of: pid }, clock);
  child.kill('SIGKILL');
  await once(child, 'exit');
  clock.advance(1000);
  while (notes.length < 2) await settle();
  t.match(notes[1], /^no step 2: Cannot limit the memory of process/);
  t.equal(clock.pending, 0);
  await heal();
});

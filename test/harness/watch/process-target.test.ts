import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'tap';
import { commandLine } from '../../../harness/subjects/process-info.ts';
import {
  firstOfContainer,
  openProcessTarget,
  successorOf,
} from '../../../harness/watch/process-target.ts';
import { until } from '../../fixtures/reference-gateway.ts';

/** Holds so many MiB, works for a moment, and waits. */
const program = (mib: number) =>
  `const held = Buffer.alloc(${mib} * 2 ** 20, 1);
   for (const from = performance.now(); performance.now() - from < 60; );
   process.stdout.write('ready'); setInterval(() => held.length, 1e6);`;

async function start(t: { teardown(end: () => unknown): void }, mib: number, mark = '') {
  const child = spawn(process.execPath, ['-e', program(mib), mark], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return { child, pid: child.pid ?? 0 };
}

const MiB = 1024 ** 2;

test('a process is read from outside: its memory, and CPU time as its work', async (t) => {
  const { pid } = await start(t, 64);
  await using target = await openProcessTarget({ name: 'one', find: async () => pid });
  const { memory, work, channel } = await target.read();
  t.equal(channel, 'anon');
  t.ok((memory.anon ?? 0) > 64 * MiB && (memory.rss ?? 0) > (memory.anon ?? 0));
  t.ok(work >= 50, `${work} ms`);
  t.equal(target.unit, 'cpu_ms');
  t.equal((await target.read()).life, (await target.read()).life);
});

test('what a process has started belongs to it', async (t) => {
  const script = '"$0" -e "$1"; true';
  const parent = spawn('sh', ['-c', script, process.execPath, program(48)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  t.teardown(() => process.kill(-(parent.pid ?? 0), 'SIGKILL'));
  await once(parent.stdout, 'data');
  const find = async () => parent.pid ?? 0;
  await using target = await openProcessTarget({ name: 'one', find });
  t.ok(((await target.read()).memory.anon ?? 0) > 48 * MiB);
});

test('when it ends it is away, and its successor is another life', async (t) => {
  const mark = `leakbed-test-${process.pid}`;
  const first = await start(t, 8, mark);
  const all = () =>
    [...pids].map((pid) => ({ pid, words: commandLine(pid).join(' ') })).filter((p) => p.words);
  const pids = new Set([first.pid]);
  const find = successorOf(null, new RegExp(`${mark}$`), all);
  await using target = await openProcessTarget({ name: 'one', find });
  const { life } = await target.read();
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  t.ok(await until(() => all().length === 0));
  await t.rejects(target.read(), /Cannot watch a process like .*: none runs here/);
  const second = await start(t, 8, mark);
  pids.add(second.pid);
  const next = await target.read();
  t.not(next.life, life);
});

test('without a pattern the successor is the process with the same command line', async (t) => {
  let running = [
    { pid: 10, words: 'node gateway.js' },
    { pid: 11, words: 'node other.js' },
  ];
  const find = successorOf(10, null, () => running);
  t.equal(await find(), 10);
  running = [
    { pid: 11, words: 'node other.js' },
    { pid: 42, words: 'node gateway.js' },
  ];
  t.equal(await find(), 42);
  running = [{ pid: 10, words: 'vim' }];
  await t.rejects(find(), /Cannot watch PID 10: none runs here/);
});

test('of a container the first process is asked of Docker each time', async (t) => {
  const answers = ['4242\n', '0\n'];
  const find = firstOfContainer('gateway', async () => answers.shift() ?? '');
  t.equal(await find(), 4242);
  await t.rejects(find(), /Cannot watch container gateway: it does not run/);
});

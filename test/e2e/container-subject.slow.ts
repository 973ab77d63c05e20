// Gateways in real containers, named and nothing else: where they listen, which processes are
// theirs, what their memory is, and how they ended, a kill for memory told from a crash.

import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { cgroup } from '../../harness/probes/cgroup.ts';
import { procfs } from '../../harness/probes/procfs.ts';
import { attachContainer } from '../../harness/subjects/container.ts';
import { executableName } from '../../harness/subjects/process-info.ts';
import type { Subject } from '../../harness/subjects/subject.ts';
import { sleep, systemClock } from '../../injectors/determinism.ts';
import { docker, withoutImage } from '../fixtures/docker.ts';
import { sendRequests } from '../fixtures/leaky-subject.ts';
import { lookOnce } from '../fixtures/one-look.ts';

const image = 'node:24-bookworm-slim';
const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url));
const mib = 1024 ** 2;

const skip = withoutImage(image);

let started = 0;

/** The leaky app in a container; `words` are further options of docker run. */
async function attachApp(t: Test, words: readonly string[]) {
  started += 1;
  const name = `leakbed-subject-${process.pid}-${started}`;
  const own = ['-d', '--name', name, '-v', `${fixtures}:/app:ro`, '-e', 'HOST=0.0.0.0'];
  const program = [image, 'node', '/app/leaky-app.ts'];
  docker('run', ...own, '-e', 'PORT=8080', ...words, ...program);
  t.teardown(() => docker('rm', '-f', name));
  const subject = await attachContainer({ name });
  t.teardown(() => subject[Symbol.asyncDispose]());
  await untilServes(subject.url);
  return { name, subject };
}

/** Bounded, and a timer that keeps this process alive meanwhile: nothing else does. */
function toldEnd({ ended }: Subject): Promise<string> {
  return Promise.race([ended, sleep(20_000).then(() => 'nothing was told')]);
}

async function untilServes(url: string): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    const isUp = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(50);
  }
}

test('a container by its name: address, processes, memory', { skip }, async (t) => {
  const published = ['-p', '127.0.0.1::8080', '--memory', '256m', '--init'];
  const { subject } = await attachApp(t, published);
  t.match(subject.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  t.match(subject.missing.inspector, /another network namespace/);
  t.match(subject.missing.restart, /was started by someone else/);
  t.strictSame([...subject.capabilities].sort(), ['cgroup', 'procfs']);
  t.equal(executableName(subject.pid ?? 0), 'node', 'the server, not the init before it');
  t.equal(subject.processes?.().length, 2);
  const [inside, whole] = [
    await procfs.attach(subject, systemClock.nowMs),
    await cgroup.attach(subject, systemClock.nowMs),
  ];
  t.teardown(() => inside[Symbol.asyncDispose]());
  const before = { ...(await inside.level()), ...(await whole.level()) };
  await sendRequests(subject.url, `/buffer?bytes=${mib}`, 60);
  const after = { ...(await inside.level()), ...(await whole.level()) };
  for (const metric of ['anonBytes', 'cgroupBytes'] as const) {
    const grown = (after[metric] ?? 0) - (before[metric] ?? 0);
    t.ok(grown > 45 * mib && grown < 90 * mib, `${metric} grew by ${grown}`);
  }
});

test('a run on a container has its cgroup in the record, and one warning', { skip }, async (t) => {
  const { name } = await attachApp(t, ['-p', '127.0.0.1::8080', '--memory', '256m']);
  const { record } = await lookOnce(t, { kind: 'container', name, url: undefined });
  const [level] = record.levels;
  t.ok((level?.values.cgroupBytes ?? 0) > mib && (level?.values.anonBytes ?? 0) > mib);
  const told = record.warnings.filter((warning) => warning.startsWith('Not measured on container'));
  t.equal(told.length, 1);
  t.match(told[0], /: inspector, gc, .*another network namespace/);
});

test('without a published port it is asked at its own address', { skip }, async (t) => {
  const { subject } = await attachApp(t, ['--expose', '8080']);
  t.notMatch(subject.url, '127.0.0.1');
  t.match(subject.url, /^http:\/\/[\d.]+:8080$/);
});

test('a kill at the memory limit is told as such', { skip }, async (t) => {
  const limit = ['-p', '127.0.0.1::8080', '--memory', '96m', '--memory-swap', '96m'];
  const { subject } = await attachApp(t, limit);
  await sendRequests(subject.url, `/buffer?bytes=${8 * mib}`, 40).catch(() => undefined);
  t.match(
    await toldEnd(subject),
    /died out of memory: the kernel killed it at its cgroup's memory/,
  );
});

test('an exit, a crash and a kill are told as what they are', { skip }, async (t) => {
  const exits = await attachApp(t, ['-p', '127.0.0.1::8080']);
  await sendRequests(exits.subject.url, '/exit?code=3', 1);
  t.match(await toldEnd(exits.subject), /ended by itself: exit code 3\./);
  const crashes = await attachApp(t, ['-p', '127.0.0.1::8080', '--init']);
  await sendRequests(crashes.subject.url, '/crash', 1);
  t.match(await toldEnd(crashes.subject), /ended by itself: signal SIGABRT\./);
  const killed = await attachApp(t, ['-p', '127.0.0.1::8080']);
  docker('kill', killed.name);
  t.match(await toldEnd(killed.subject), /killed by SIGKILL, not for memory/);
});

test('letting go of a container leaves it running', { skip }, async (t) => {
  const { name, subject } = await attachApp(t, ['-p', '127.0.0.1::8080']);
  await subject[Symbol.asyncDispose]();
  t.match(await toldEnd(subject), /still runs; leakbed let go of it/);
  t.equal(docker('inspect', '--format', '{{.State.Running}}', name).trim(), 'true');
});

test('a container that is not there, or listens nowhere, is one error', { skip }, async (t) => {
  await t.rejects(attachContainer({ name: 'leakbed-nobody' }), /leakbed-nobody/);
  await t.rejects(attachApp(t, []), /publishes no port.*Name its address by --url/);
});

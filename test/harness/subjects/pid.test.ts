// Attaching to processes that leakbed did not start. The targets get --inspect-port=127.0.0.1:0,
// which opens nothing by itself, so that tests running side by side do not share port 9229.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'tap';
import { connectInspector } from '../../../harness/probes/inspector-client.ts';
import { listeningPorts } from '../../../harness/subjects/listening-ports.ts';
import { attachPid } from '../../../harness/subjects/pid.ts';
import { processState } from '../../../harness/subjects/process-info.ts';
import { sleep } from '../../../injectors/determinism.ts';
import { leakyAppPath, sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';
import { goneWithin, isRunning } from '../../fixtures/process-gone.ts';

const shut = { inspect: false, nodeArgs: ['--inspect-port=127.0.0.1:0'] };
const nowhere = 'http://127.0.0.1:1';

test('the inspector of a Node that runs is opened, used and shut again', async (t) => {
  const app = await startLeakyApp(t, shut);
  const pid = app.pid ?? 0;
  const portsBefore = listeningPorts(pid);
  const subject = await attachPid({ pid, url: `${app.url}/` });
  t.equal(subject.url, app.url);
  t.strictSame([...subject.capabilities].sort(), ['inspector', 'procfs']);
  t.match(subject.missing.restart, /started by someone else/);
  const client = await connectInspector(subject.inspectorUrl ?? '');
  t.equal(await client.evaluate('process.pid'), pid);
  await client[Symbol.asyncDispose]();
  await subject[Symbol.asyncDispose]();
  for (let i = 0; i < 100 && listeningPorts(pid).length > portsBefore.length; i++) await sleep(20);
  t.strictSame(listeningPorts(pid), portsBefore);
  await sendRequests(app.url, '/health', 1);
});

test('an inspector that is open already is found and left open', async (t) => {
  const app = await startLeakyApp(t);
  const subject = await attachPid({ pid: app.pid ?? 0, url: app.url });
  t.equal(subject.inspectorUrl, app.inspectorUrl);
  await subject[Symbol.asyncDispose]();
  await sleep(100);
  t.equal(listeningPorts(app.pid ?? 0).length, 2);
});

test('a process that is not Node keeps running and says what cannot be measured', async (t) => {
  const other = spawn('/bin/sleep', ['1000'], { stdio: 'ignore' });
  t.teardown(() => other.kill('SIGKILL'));
  await once(other, 'spawn');
  const subject = await attachPid({ pid: other.pid ?? 0, url: nowhere });
  t.teardown(() => subject[Symbol.asyncDispose]());
  t.strictSame([...subject.capabilities], ['procfs']);
  t.match(subject.missing.inspector, /runs (sleep|coreutils|busybox), which has no V8 inspector/);
  t.ok(isRunning(other.pid ?? 0));
});

test('a Node that would die of SIGUSR1 is spared', async (t) => {
  const app = await startLeakyApp(t, { inspect: false, nodeArgs: ['--disable-sigusr1'] });
  const subject = await attachPid({ pid: app.pid ?? 0, url: app.url });
  t.teardown(() => subject[Symbol.asyncDispose]());
  t.match(subject.missing.inspector, /would die of SIGUSR1.*Start it with --inspect/);
  await sendRequests(app.url, '/health', 1);
});

test('without leave to open it, a shut inspector is a stated reason', async (t) => {
  const app = await startLeakyApp(t, shut);
  const subject = await attachPid({ pid: app.pid ?? 0, url: app.url, openInspector: false });
  t.teardown(() => subject[Symbol.asyncDispose]());
  t.match(subject.missing.inspector, /is not open\. Start it with --inspect/);
  t.equal(listeningPorts(app.pid ?? 0).length, 1);
});

test('a PID that does not exist is one clear error', async (t) => {
  for (const pid of [2 ** 22 + 1, 0, -1, 1.5]) {
    await t.rejects(attachPid({ pid, url: nowhere }), { message: /no such process runs here/ });
  }
});

test('the PID of a wrapper is refused, and the right one named', async (t) => {
  const app = await startLeakyApp(t, {
    ...shut,
    command: ['/bin/sh', '-c', `"${process.execPath}" "${leakyAppPath}"; true`],
  });
  const wrapper = processState(app.pid ?? 0)?.parentId ?? 0;
  await t.rejects(attachPid({ pid: wrapper, url: app.url }), {
    message: new RegExp(`is served by its child, PID ${app.pid} .* Use --pid ${app.pid}\\.`),
  });
});

test('the end of an attached process is noticed', async (t) => {
  const app = await startLeakyApp(t, shut);
  const subject = await attachPid({ pid: app.pid ?? 0, url: app.url });
  t.teardown(() => subject[Symbol.asyncDispose]());
  await sendRequests(app.url, '/exit?code=0', 1);
  t.match(await subject.ended, /ended; how is known only to the process that started it/);
});

test('letting go of an attached process leaves it running', async (t) => {
  const app = await startLeakyApp(t, shut);
  const subject = await attachPid({ pid: app.pid ?? 0, url: app.url });
  await subject[Symbol.asyncDispose]();
  t.match(await subject.ended, /still runs/);
  t.notOk(await goneWithin(200, app.pid ?? 0));
});

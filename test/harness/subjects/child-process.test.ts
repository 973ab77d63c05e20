// The child-process subject with real processes: readiness, which process is measured, how it
// ended, and above all that none is left behind.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { test } from 'tap';
import { startChildProcess } from '../../../harness/subjects/child-process.ts';
import { detectRuntime, groupMembers } from '../../../harness/subjects/process-info.ts';
import { leakyAppPath, sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';
import { goneWithin, isRunning } from '../../fixtures/process-gone.ts';

const node = process.execPath;
const silent = ['-e', 'console.log("pid " + process.pid); setInterval(() => {}, 1e6)'];

test('a Node child announces its URL and offers /proc and an inspector', async (t) => {
  const subject = await startLeakyApp(t);
  t.match(subject.url, /^http:\/\/127\.0\.0\.1:\d+$/);
  t.strictSame([...subject.capabilities].sort(), ['inspector', 'procfs', 'restart']);
  t.match(subject.inspectorUrl, /^ws:\/\/127\.0\.0\.1:\d+\//);
  t.strictSame(subject.missing, {});
});

test('a child with a known URL is ready when its health address answers', async (t) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const subject = await startLeakyApp(t, { url: `${url}/`, env: { PORT: String(port) } });
  t.equal(subject.url, url);
});

test('without an inspector the child says why', async (t) => {
  const subject = await startLeakyApp(t, { inspect: false });
  t.equal(subject.inspectorUrl, null);
  t.match(subject.missing.inspector, /started without an inspector/);
});

test('of a wrapper and the server below it, the server is measured and inspected', async (t) => {
  const subject = await startLeakyApp(t, {
    command: ['/bin/sh', '-c', `"${node}" "${leakyAppPath}"; true`],
  });
  t.equal(detectRuntime(subject.pid ?? 0), 'node');
  t.match(subject.inspectorUrl, /^ws:/);
  t.match(await subject.stop(), /stopped by leakbed\.$/);
  t.ok(await goneWithin(0, subject.pid ?? 0));
});

test('stopping ends grandchildren too', async (t) => {
  const script = `/bin/sleep 1000 & exec "${node}" "${leakyAppPath}"`;
  const subject = await startLeakyApp(t, { command: ['/bin/sh', '-c', script] });
  const group = groupMembers(subject.pid ?? 0);
  t.equal(group.length, 2);
  await subject.stop();
  t.strictSame(group.filter(isRunning), []);
});

test('a child that ignores SIGTERM is killed after the grace', async (t) => {
  const subject = await startLeakyApp(t, { env: { IGNORE_SIGTERM: '1' }, stopGraceMs: 200 });
  t.match(await subject.stop(), /by SIGKILL after it ignored SIGTERM/);
  t.notOk(isRunning(subject.pid ?? 0));
});

test('a child that is never ready is ended, and the error shows what it wrote', async (t) => {
  const start = startChildProcess({
    name: 'mute',
    command: [node, ...silent],
    readyTimeoutMs: 800,
  });
  const error = await start.then(() => t.fail('it was ready'), String);
  t.match(error, /Cannot start mute .*no a line|Cannot start mute .*within 800 ms/);
  t.notOk(isRunning(Number(/pid (\d+)/.exec(String(error))?.[1])));
});

test('a child that ends before it is ready is reported at once', async (t) => {
  const command = [node, '-e', 'console.error("port is taken"); process.exit(7)'] as const;
  await t.rejects(startChildProcess({ name: 'gateway', command: [...command] }), {
    message: /ended before it was ready\. gateway \(PID \d+\) .* exit code 7\..*port is taken/s,
  });
});

test('a command that does not exist is one clear error', async (t) => {
  await t.rejects(startChildProcess({ name: 'gateway', command: ['/no/such/program'] }), {
    message: /Cannot start gateway \("\/no\/such\/program"\): .*ENOENT\. Check the command/,
  });
});

test('a URL that already answers is refused before anything starts', async (t) => {
  const server = createServer((_, response) => response.end('mine')).listen(0, '127.0.0.1');
  t.teardown(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await t.rejects(startChildProcess({ name: 'gateway', command: [node, ...silent], url }), {
    message: /already answers\. Stop what listens there/,
  });
});

test('Ctrl-C while waiting for readiness ends the child', async (t) => {
  const start = startChildProcess({
    name: 'mute',
    command: [node, ...silent],
    signal: AbortSignal.timeout(500),
  });
  const error = await start.then(() => t.fail('it was ready'), String);
  t.match(error, /leakbed was told to stop/);
  t.notOk(isRunning(Number(/pid (\d+)/.exec(String(error))?.[1])));
});

test('the end of a child is told in words', async (t) => {
  const ended = async (path: string, nodeArgs: string[] = []) => {
    const subject = await startLeakyApp(t, { inspect: false, nodeArgs });
    await sendRequests(subject.url, path, 1);
    return await subject.ended;
  };
  t.match(await ended('/exit?code=3'), /ended by itself: exit code 3\.$/);
  t.match(await ended('/crash'), /ended by itself: signal SIGABRT\.$/);
  t.match(await ended('/devour', ['--max-old-space-size=40']), /V8 reached its heap limit/);
  const killed = await startLeakyApp(t, { inspect: false });
  process.kill(killed.pid ?? 0, 'SIGKILL');
  t.match(await killed.ended, /killed by SIGKILL, not for memory|does not count/);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  test(`a harness ended by ${signal} leaves no child behind`, async (t) => {
    const { parent, pid } = await startParent({});
    parent.kill(signal);
    t.ok(await goneWithin(8_000, pid));
  });
}

test('a harness that crashes leaves no child behind', async (t) => {
  const { pid } = await startParent({ THEN: 'throw' });
  t.ok(await goneWithin(8_000, pid));
});

async function startParent(env: Record<string, string>) {
  const path = fileURLToPath(new URL('../../fixtures/parent-of-leaky-app.ts', import.meta.url));
  const parent = spawn(node, [path], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
  return { parent, pid: Number((JSON.parse(line) as { pid: number }).pid) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

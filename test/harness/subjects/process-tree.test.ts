// Gateways of several processes, with the real ones: a Node cluster and uvicorn with two workers.
// From outside they are summed, from inside a worker is seen, and the one that grows is named.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Test, test } from 'tap';
import { Pool } from 'undici';
import { connectInspector } from '../../../harness/probes/inspector-client.ts';
import { procMemory } from '../../../harness/probes/proc-memory.ts';
import { procfs } from '../../../harness/probes/procfs.ts';
import { tellOfProcesses } from '../../../harness/runner/tell-of-processes.ts';
import { startChildProcess } from '../../../harness/subjects/child-process.ts';
import { freePort } from '../../../harness/subjects/free-port.ts';
import { attachPid } from '../../../harness/subjects/pid.ts';
import { processState } from '../../../harness/subjects/process-info.ts';
import { openPythonEnvironment } from '../../../harness/subjects/python-environment.ts';
import type { Subject } from '../../../harness/subjects/subject.ts';
import { sleep, systemClock } from '../../../injectors/determinism.ts';
import { sendRequests, startLeakyApp } from '../../fixtures/leaky-subject.ts';
import { noPythonPackages, pythonRequirements } from '../../fixtures/reference-gateway.ts';

const { nowMs } = systemClock;
const parentOf = (pid: number | null) => processState(pid ?? 0)?.parentId;
const mib = 1024 ** 2;
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const clusterPath = here('../../fixtures/leaky-cluster.ts');
const asgiPath = here('../../fixtures/leaky_asgi.py');

async function startCluster(t: Test) {
  const command = [process.execPath, clusterPath] as const;
  return await startLeakyApp(t, { command });
}

/** Requests over one connection, which one worker serves; returns that worker's PID. */
async function feedOne(url: string, path: string, count: number): Promise<number> {
  const pool = new Pool(url, { connections: 1 });
  try {
    const { body } = await pool.request({ method: 'GET', path: '/pid' });
    const pid = Number(await body.text());
    for (let sent = 0; sent < count; sent += 1) {
      await (await pool.request({ method: 'GET', path })).body.dump();
    }
    return pid;
  } finally {
    await pool.close();
  }
}

test('of a Node cluster a worker is inspected, not the primary', async (t) => {
  const subject = await startCluster(t);
  const [primary] = subject.processes?.() ?? [];
  t.equal(subject.processes?.().length, 3);
  t.equal(parentOf(subject.pid), primary);
  const client = await connectInspector(subject.inspectorUrl ?? '');
  t.teardown(() => client[Symbol.asyncDispose]());
  t.equal(await client.evaluate('process.pid'), subject.pid);
});

test('memory and sockets are the sums over the cluster, workers that die left out', async (t) => {
  const subject = await startCluster(t);
  const probe = await procfs.attach(subject, nowMs);
  t.teardown(() => probe[Symbol.asyncDispose]());
  const before = await probe.level();
  t.ok((before.anonBytes ?? 0) > 0.9 * sumOf(subject), 'all three are in it');
  for (let client = 0; client < 4; client += 1) await sendRequests(subject.url, '/socket', 10);
  const { socketCount = 0 } = await probe.level();
  t.ok(socketCount - (before.socketCount ?? 0) >= 40, 'whichever worker opened them');
  const other = subject.processes?.().find((pid, at) => at > 0 && pid !== subject.pid) ?? 0;
  process.kill(other, 'SIGKILL');
  for (let look = 0; look < 200 && subject.processes?.().includes(other); look += 1)
    await sleep(10);
  t.ok(((await probe.sample()).anonBytes ?? 0) < (before.anonBytes ?? 0), 'the rest still is read');
});

function sumOf({ processes }: Subject): number {
  return (processes?.() ?? []).reduce((sum, pid) => {
    const memory = procMemory(pid);
    const { anonBytes } = memory.read();
    memory.close();
    return sum + anonBytes;
  }, 0);
}

test('the worker that grows is named first', async (t) => {
  const subject = await startCluster(t);
  const told: string[] = [];
  const watch = tellOfProcesses(subject, (text) => told.push(text));
  const fed = await feedOne(subject.url, `/buffer?bytes=${mib}`, 60);
  await watch[Symbol.asyncDispose]();
  t.match(
    told[0],
    new RegExp(`3 processes.*comes first: PID ${fed} \\(node\\) .* MiB, \\+[5-9]\\d`),
  );
  t.match(told[0], `From inside only PID ${subject.pid} is seen`);
});

test('of a single process nothing is told', async (t) => {
  const subject = await startLeakyApp(t);
  const told: string[] = [];
  await tellOfProcesses(subject, (text) => told.push(text))[Symbol.asyncDispose]();
  t.strictSame(told, []);
});

test('a cluster that runs already is attached to by its primary', async (t) => {
  const started = await startCluster(t);
  const [primary = 0] = started.processes?.() ?? [];
  const subject = await attachPid({ pid: primary, url: started.url });
  t.teardown(() => subject[Symbol.asyncDispose]());
  t.equal(subject.processes?.().length, 3);
  t.equal(parentOf(subject.pid), primary);
});

const skip = await noPythonPackages();

test('uvicorn with two workers: one is asked, all are measured', { skip }, async (t) => {
  const { python } = await openPythonEnvironment({ requirementsFile: pythonRequirements });
  const port = await freePort();
  const words = ['-m', 'uvicorn', 'leaky_asgi:app', '--workers', '2', '--port', String(port)];
  const subject = await startChildProcess({
    name: 'uvicorn',
    command: [python, ...words],
    cwd: dirname(asgiPath),
    url: `http://127.0.0.1:${port}`,
    healthPath: '/',
    readyTimeoutMs: 60_000,
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  });
  t.teardown(() => subject.stop());
  const [master] = subject.processes?.() ?? [];
  t.equal(parentOf(subject.pid), master, 'a worker');
  t.ok(subject.capabilities.has('python-agent'));
  const told: string[] = [];
  const watch = tellOfProcesses(subject, (text) => told.push(text));
  const fed = await feedOne(subject.url, `/buffer?bytes=${mib}`, 60);
  await watch[Symbol.asyncDispose]();
  t.match(told[0], new RegExp(`comes first: PID ${fed} \\(python3[.\\d]*\\) .* MiB, \\+[5-9]\\d`));
});
